package io.palispark.tensor;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/** Whether this JVM computes with vectors, and what it computes with them outside of {@link StreamedMatrix}. */
public final class VectorMath {

    private static final String MODULE = "jdk.incubator.vector";

    private VectorMath() {}

    /** Why nothing of this class and of {@link StreamedMatrix} may be used in this JVM; empty when all is there. */
    public static Optional<String> obstacle() {
        if (ModuleLayer.boot().findModule(MODULE).isEmpty()) {
            return Optional.of("Java runs without the module " + MODULE + " (--add-modules=" + MODULE + ")");
        }
        try {
            Class<?> vector = Class.forName(MODULE + ".FloatVector");
            Class<?> species = Class.forName(MODULE + ".VectorSpecies");
            vector.getMethod("fromByteBuffer", species, ByteBuffer.class, int.class, ByteOrder.class);
            return Optional.empty();
        } catch (ReflectiveOperationException other) {
            return Optional.of("the module " + MODULE + " of Java "
                    + Runtime.version().feature() + " does not read buffers as that of Java 17 does");
        }
    }

    /** Numbers of float32 that a vector of this processor has. */
    public static int lanes() {
        return RowKernels.LANES;
    }

    /** {@code count} rounded up to whole vectors of float32. */
    public static int wholeVectors(int count) {
        return RowKernels.wholeVectors(count);
    }

    /**
     * Multiplies gates that went through the tanh form of GELU with {@code ups}, in place. The error of GELU(x) is below
     * 1e-6 and below 1e-6 |x|.
     */
    public static void gatedGelu(float[] gates, float[] ups) {
        VectorFunctions.gatedGelu(gates, ups);
    }

    /**
     * Replaces each number by {@code cap} tanh(x / cap), to 1e-6 {@code cap}, in place.
     *
     * @param count whole vectors
     */
    public static void bend(float[] x, int from, int count, float cap) {
        VectorFunctions.bend(x, from, count, cap);
    }

    /**
     * Softmax of the numbers from {@code from} on, in place; -inf becomes 0.
     *
     * @param count whole vectors, of which one number at least is finite
     */
    public static void softmax(float[] x, int from, int count) {
        VectorFunctions.softmax(x, from, count);
    }

    /**
     * Adds up rows of values in the shares that each head has of them: mixed[head] = Σ shares[head, column] values[column].
     *
     * @param values float32 [columns, size] from byte 0 on
     * @param shares [heads, apart], of which the first {@code columns} of a head are taken
     * @param mixed zeros, [heads, size] from {@code mixedAt} on
     */
    public static void mix(
            ByteBuffer values,
            int columns,
            int size,
            float[] shares,
            int apart,
            int heads,
            float[] mixed,
            int mixedAt) {
        VectorFunctions.mix(values, columns, size, shares, apart, heads, mixed, mixedAt);
    }

    /** Natural log of the sum of the exponentials, to 1e-9; -inf counts nothing. */
    public static double logOfSum(float[] logits) {
        return VectorFunctions.logOfSum(logits);
    }
}
