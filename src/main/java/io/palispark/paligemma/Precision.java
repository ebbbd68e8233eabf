package io.palispark.paligemma;

import io.palispark.tensor.Device;
import io.palispark.tensor.ElementType;
import java.util.Optional;

/**
 * In which numbers the matrices of a model are multiplied. Norms, softmax, sums over layers and everything else between
 * are float32, as are biases, positions and the projection of patches.
 */
public enum Precision {
    /** As the references are compared. */
    FLOAT32,
    /**
     * Weights and embedding table in 16 bits with the range of float32 and 8 bits of accuracy; what is multiplied with
     * weights, and the result, is rounded to the same. For CUDA.
     */
    BFLOAT16,
    /**
     * The same with 11 bits of accuracy, and no number beyond 65504: what is larger becomes infinite, which ends a row as
     * {@link EndReason#NOT_FINITE}. For CUDA.
     */
    FLOAT16,
    /** Weights in 8 bits with a scale an output, activations in 8 bits with a scale a row. For the processor. */
    INT8,
    /** Weights in 4 bits with a scale for each 32 inputs; the output head in 8 bits. For the processor. */
    INT4;

    /** Whether ONNX Runtime has kernels for it there. */
    public boolean isFor(Device device) {
        return switch (this) {
            case FLOAT32 -> true;
            case BFLOAT16, FLOAT16 -> device instanceof Device.Cuda;
            case INT8, INT4 -> device instanceof Device.Cpu;
        };
    }

    /** The type of 16 bits that is multiplied; empty for the others. */
    Optional<ElementType> half() {
        return switch (this) {
            case BFLOAT16 -> Optional.of(ElementType.BFLOAT16);
            case FLOAT16 -> Optional.of(ElementType.FLOAT16);
            case FLOAT32, INT8, INT4 -> Optional.empty();
        };
    }
}
