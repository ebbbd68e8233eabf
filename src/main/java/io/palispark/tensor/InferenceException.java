package io.palispark.tensor;

import java.util.List;
import java.util.Locale;

/** ONNX Runtime refused a graph, a device or a call; the message says which and why. */
public final class InferenceException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** What allocators say in lower case: ONNX Runtime's arenas, CUDA, cuBLAS, C++ and {@link Tensor}. */
    private static final List<String> MEMORY_WORDS = List.of(
            "out of memory",
            "failed to allocate",
            "alloc_failed",
            "bad_alloc",
            "bad allocation",
            "direct buffer memory");

    /** What CUDA says when a kernel broke the process's context, after which every later call fails too. */
    private static final List<String> LOST_WORDS = List.of(
            "illegal memory access",
            "misaligned address",
            "illegal instruction",
            "illegal address",
            "device-side assert",
            "unspecified launch failure",
            "launch timed out",
            "hardware stack error",
            "uncorrectable ecc error",
            "uncorrectable nvlink error",
            "device is lost");

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
