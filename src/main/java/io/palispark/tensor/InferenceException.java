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

    public InferenceException(String message) {
        super(message);
    }

    public InferenceException(String message, Throwable cause) {
        super(message, cause);
    }

    /** Whether memory was short, so that a smaller call may succeed. */
    public boolean isOutOfMemory() {
        String text = getMessage().toLowerCase(Locale.ROOT);
        return MEMORY_WORDS.stream().anyMatch(text::contains);
    }
}
