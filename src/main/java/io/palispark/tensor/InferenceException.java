package io.palispark.tensor;

/** ONNX Runtime refused a graph, a device or a call; the message says which and why. */
public final class InferenceException extends RuntimeException {

    private static final long serialVersionUID = 1;

    public InferenceException(String message) {
        super(message);
    }

    public InferenceException(String message, Throwable cause) {
        super(message, cause);
    }
}
