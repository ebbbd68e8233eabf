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

    /** The sum of the products of float32 numbers from byte {@code at} on and of {@code x} from {@code xAt} on. */
    public static float dot(ByteBuffer memory, int at, float[] x, int xAt, int count) {
        return RowKernels.dot(memory, at, x, xAt, count);
    }

    /** Adds {@code factor} times the float32 numbers from byte {@code at} on to {@code y} from {@code yAt} on. */
    public static void addScaled(ByteBuffer memory, int at, float factor, float[] y, int yAt, int count) {
        RowKernels.addScaled(memory, at, factor, y, yAt, count);
    }
}
