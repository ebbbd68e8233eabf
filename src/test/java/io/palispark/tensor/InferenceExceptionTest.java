package io.palispark.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Errors as ONNX Runtime 1.28 words them. The sentences are those that cudaGetErrorString of CUDA 12.9 and
 * cublasGetStatusString of cuBLAS 12.9 return, which ONNX Runtime puts behind the name of the library and the number; those
 * of cuDNN are names of its documentation.
 */
class InferenceExceptionTest {

    private static final String NODE = "Cannot run graph text on cuda:0: Error code - ORT_RUNTIME_EXCEPTION - message:"
            + " Non-zero status code returned while running Gemm node. Name:'text/node12' Status Message: ";
    private static final String PLACE =
            " ; GPU=0 ; hostname=worker-3 ; file=/onnxruntime_src/onnxruntime/core/providers/"
                    + "cuda/gpu_data_transfer.cc ; line=63 ; expr=cudaStreamSynchronize(stream); ";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CUDA failure 2: out of memory" + PLACE,
                "CUBLAS failure 3: the resource allocation failed" + PLACE,
                "CUDNN failure 2: CUDNN_STATUS_ALLOC_FAILED" + PLACE,
                "CUDNN failure 4003: CUDNN_STATUS_INTERNAL_ERROR_DEVICE_ALLOCATION_FAILED" + PLACE,
                "/onnxruntime_src/onnxruntime/core/framework/bfc_arena.cc:376 void*"
                        + " onnxruntime::BFCArena::AllocateRawInternal(size_t, bool, onnxruntime::Stream*)"
                        + " Failed to allocate memory for requested buffer of size 2830172160",
                "Available memory of 1048576 is smaller than requested bytes of 2830172160",
                "Failed to find a free memory block despite calling Extend. rounded_bytes=2830172160",
                "CudaMempoolArena::AllocOnStream: cudaMallocFromPoolAsync failed on stream=0: out of memory (2), size=4096",
                "std::bad_alloc",
                "Cannot reserve 4294967296 bytes of direct buffer memory (allocated: 8192, limit: 1073741824)"
            })
    void smallerCallsMaySucceed(String error) {
        InferenceException failure = new InferenceException(NODE + error);
        assertThat(failure.isOutOfMemory()).isTrue();
        assertThat(failure.isDeviceLost()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CUDA failure 214: uncorrectable ECC error encountered",
                "CUDA failure 220: uncorrectable NVLink error detected during the execution",
                "CUDA failure 226: Invalid access of peer GPU memory over nvlink or a hardware error",
                "CUDA failure 700: an illegal memory access was encountered",
                "CUDA failure 702: the launch timed out and was terminated",
                "CUDA failure 709: context is destroyed",
                "CUDA failure 710: device-side assert triggered",
                "CUDA failure 714: hardware stack error",
                "CUDA failure 715: an illegal instruction was encountered",
                "CUDA failure 716: misaligned address",
                "CUDA failure 717: operation not supported on global/shared address space",
                "CUDA failure 718: invalid program counter",
                "CUDA failure 719: unspecified launch failure",
                "CUDA failure 721: tensor memory not completely freed",
                "CUDA failure 810: the MPS client has been terminated by the server",
                "CUBLAS failure 11: an access to GPU memory space failed",
                "CUBLAS failure 13: the function failed to launch on the GPU",
                "CUDNN failure 5000: CUDNN_STATUS_EXECUTION_FAILED"
            })
    void onlyAnotherProcessMaySucceed(String error) {
        InferenceException failure = new InferenceException(NODE + error + PLACE);
        assertThat(failure.isDeviceLost()).isTrue();
        assertThat(failure.isOutOfMemory()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CUDA failure 1: invalid argument",
                "CUDA failure 35: CUDA driver version is insufficient for CUDA runtime version",
                "CUDA failure 100: no CUDA-capable device is detected",
                "CUDA failure 209: no kernel image is available for execution on the device",
                "CUDA failure 701: too many resources requested for launch",
                "CUBLAS failure 1: the library was not initialized",
                "CUBLAS failure 14: an internal operation failed",
                "Could not find an implementation for Gemm(13) node with name 'text/node12'"
            })
    void nothingIsSaidOfOthers(String error) {
        InferenceException failure = new InferenceException(NODE + error + PLACE);
        assertThat(failure.isOutOfMemory()).isFalse();
        assertThat(failure.isDeviceLost()).isFalse();
    }
}
