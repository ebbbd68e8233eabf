package io.palispark.tensor;

import java.util.Arrays;
import java.util.List;

/**
 * What a tensor is without its values.
 *
 * @param shape extents, outermost first; empty for a scalar
 */
public record TensorLayout(ElementType type, List<Long> shape) {

    public TensorLayout {
        shape = List.copyOf(shape);
    }

    /** The layout of a tensor. */
    public static TensorLayout of(Tensor tensor) {
        return new TensorLayout(
                tensor.type(), Arrays.stream(tensor.shape()).boxed().toList());
    }

    /** Number of elements; throws {@link ArithmeticException} beyond 64 bits. */
    public long count() {
        return Tensor.count(extents());
    }

    /** Number of bytes; throws {@link ArithmeticException} beyond 64 bits. */
    public long bytes() {
        return Math.multiplyExact(count(), type.bytes());
    }

    /** The extents as an array of its own. */
    public long[] extents() {
        return shape.stream().mapToLong(Long::longValue).toArray();
    }

    @Override
    public String toString() {
        return type + shape.toString();
    }
}
