package io.palispark.tensor;

import java.util.List;
import java.util.Locale;

/** ONNX Runtime refused a graph, a device or a call; the message says which and why. */
public final class InferenceException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** What allocators say in lower case: CUDA, ONNX Runtime's arenas, cuBLAS, cuDNN, C++ and the JVM. */
    private static final List<String> MEMORY_WORDS = List.of(
            "out of memory",
            "failed to allocate",
            "is smaller than requested bytes of",
            "failed to find a free memory block",
            "alloc_failed",
            "allocation_failed",
            "resource allocation failed",
            "bad_alloc",
            "bad allocation",
            "direct buffer memory");

    /**
     * What CUDA 12 says when a kernel or the hardware broke the process's context, after which every later call fails too.
     * cuBLAS says so in its own words, and in vaguer ones that need not mean it: then the next call says it in CUDA's.
     */
    private static final List<String> LOST_WORDS = List.of(
            "uncorrectable ecc error",
            "uncorrectable nvlink error",
            "invalid access of peer gpu memory",
            "illegal memory access",
            "launch timed out",
            "context is destroyed",
            "device-side assert",
            "hardware stack error",
            "illegal instruction",
            "misaligned address",
            "operation not supported on global/shared address space",
            "invalid program counter",
            "unspecified launch failure",
            "tensor memory not completely freed",
            "mps client has been terminated",
            "status_execution_failed",
            "the function failed to launch on the gpu",
            "status_mapping_error",
            "an access to gpu memory space failed");

    public InferenceException(String message) {
        super(message);
    }

    public InferenceException(String message, Throwable cause) {
        super(message, cause);
    }

    /** Whether memory was short, so that a smaller call may succeed. */
    public boolean isOutOfMemory() {
        return says(MEMORY_WORDS);
    }

    /** Whether the device is lost to this process, so that only another process may succeed. */
    public boolean isDeviceLost() {
        return says(LOST_WORDS);
    }

    private boolean says(List<String> words) {
        String text = getMessage().toLowerCase(Locale.ROOT);
        return words.stream().anyMatch(text::contains);
    }
}
