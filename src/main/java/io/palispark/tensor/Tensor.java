package io.palispark.tensor;

import ai.onnxruntime.platform.Fp16Conversions;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Numbers in row-major order with a shape. The bytes are little-endian and may lie on the heap, outside it or in a
 * mapped file; they are shared with whoever made the tensor, never copied. Compared by identity.
 */
public final class Tensor {

    private final ElementType type;
    private final long[] shape;
    private final ByteBuffer data;

    private Tensor(ElementType type, long[] shape, ByteBuffer data) {
        this.type = type;
        this.shape = shape;
        this.data = data;
    }

    /**
     * A tensor over existing bytes.
     *
     * @param data exactly the tensor's bytes, little-endian, from position to limit
     */
    public static Tensor over(ElementType type, ByteBuffer data, long... shape) {
        long needed = Math.multiplyExact(count(shape), type.bytes());
        if (needed != data.remaining()) {
            throw new IllegalArgumentException("Cannot lay " + type + Arrays.toString(shape) + " of " + needed
                    + " bytes over " + data.remaining() + " bytes");
        }
        return new Tensor(type, shape.clone(), data.slice().order(ByteOrder.LITTLE_ENDIAN));
    }

    /** A tensor of zeros outside the heap, which a session reads and writes in place. */
    public static Tensor allocate(ElementType type, long... shape) {
        long bytes = Math.multiplyExact(count(shape), type.bytes());
        return over(type, direct(Math.toIntExact(bytes)), shape);
    }

    private static ByteBuffer direct(int bytes) {
        try {
            return ByteBuffer.allocateDirect(bytes);
        } catch (OutOfMemoryError full) {
            throw new InferenceException(
                    "Cannot allocate a tensor of " + bytes + " bytes: " + full.getMessage()
                            + "; use smaller batches, or raise -XX:MaxDirectMemorySize",
                    full);
        }
    }

    /** A copy of the values outside the heap. */
    public static Tensor of(float[] values, long... shape) {
        Tensor tensor = allocate(ElementType.FLOAT32, shapeOf(values.length, shape));
        tensor.buffer().asFloatBuffer().put(values);
        return tensor;
    }

    /** A copy of the values outside the heap, as {@link ElementType#INT64}. */
    public static Tensor of(long[] values, long... shape) {
        Tensor tensor = allocate(ElementType.INT64, shapeOf(values.length, shape));
        tensor.buffer().asLongBuffer().put(values);
        return tensor;
    }

    /** A {@link ElementType#FLOAT32} of rank 0. */
    public static Tensor scalar(float value) {
        Tensor tensor = allocate(ElementType.FLOAT32);
        tensor.buffer().putFloat(value);
        return tensor;
    }

    public ElementType type() {
        return type;
    }

    /** A copy of the extents, outermost first; empty for a scalar. */
    public long[] shape() {
        return shape.clone();
    }

    public int rank() {
        return shape.length;
    }

    /** Extent along one axis, counted from 0. */
    public long extent(int axis) {
        return shape[axis];
    }

    /** Number of elements. */
    public long count() {
        return count(shape);
    }

    public boolean hasShape(long... expected) {
        return Arrays.equals(shape, expected);
    }

    /** All bytes, little-endian, with a position of their own. */
    public ByteBuffer buffer() {
        return data.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    }

    /** The same bytes under another shape of as many elements. */
    public Tensor reshaped(long... other) {
        return over(type, buffer(), other);
    }

    /** The first {@code extent} entries of the outermost axis, over the same bytes. */
    public Tensor first(int extent) {
        return slice(0, extent);
    }

    /** {@code extent} entries of the outermost axis from entry {@code from} on, over the same bytes. */
    public Tensor slice(int from, int extent) {
        long[] part = shape.clone();
        part[0] = extent;
        long bytes = Math.multiplyExact(count(part), type.bytes());
        long start = extent == 0 ? 0 : Math.multiplyExact(bytes / extent, from);
        return over(type, data.slice(Math.toIntExact(start), Math.toIntExact(bytes)), part);
    }

    /** A copy of all values as float32: floating types are widened or, from 64 bits, rounded; integers refused. */
    public float[] floats() {
        float[] values = new float[Math.toIntExact(count())];
        ByteBuffer source = buffer();
        switch (type) {
            case FLOAT32 -> source.asFloatBuffer().get(values);
            case FLOAT16 -> {
                for (int i = 0; i < values.length; i++) {
                    values[i] = Fp16Conversions.fp16ToFloat(source.getShort());
                }
            }
            case BFLOAT16 -> {
                for (int i = 0; i < values.length; i++) {
                    values[i] = Fp16Conversions.bf16ToFloat(source.getShort());
                }
            }
            case FLOAT64 -> {
                for (int i = 0; i < values.length; i++) {
                    values[i] = (float) source.getDouble();
                }
            }
            case INT8, UINT8, INT16, INT32, INT64, BOOL ->
                throw new IllegalStateException("Cannot read " + this + " as floating point numbers");
        }
        return values;
    }

    /** A copy of all values as 64-bit integers; floating types are refused. */
    public long[] longs() {
        long[] values = new long[Math.toIntExact(count())];
        ByteBuffer source = buffer();
        for (int i = 0; i < values.length; i++) {
            values[i] = switch (type) {
                case INT8 -> source.get();
                case UINT8, BOOL -> source.get() & 0xFF;
                case INT16 -> source.getShort();
                case INT32 -> source.getInt();
                case INT64 -> source.getLong();
                case FLOAT32, FLOAT16, BFLOAT16, FLOAT64 ->
                    throw new IllegalStateException("Cannot read " + this + " as integers");
            };
        }
        return values;
    }

    /** Number of elements of a shape; throws when it is negative or beyond 64 bits. */
    static long count(long... shape) {
        long count = 1;
        for (long extent : shape) {
            if (extent < 0) {
                throw new IllegalArgumentException("Cannot count elements of shape " + Arrays.toString(shape));
            }
            count = Math.multiplyExact(count, extent);
        }
        return count;
    }

    private static long[] shapeOf(int length, long[] shape) {
        if (count(shape) != length) {
            throw new IllegalArgumentException("Cannot give " + length + " values the shape " + Arrays.toString(shape));
        }
        return shape;
    }

    @Override
    public String toString() {
        return type + Arrays.toString(shape);
    }
}
