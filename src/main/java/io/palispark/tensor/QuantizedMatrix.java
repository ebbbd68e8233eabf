package io.palispark.tensor;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.stream.IntStream;

/**
 * A weight matrix [outputs, inputs] in few bits, laid out as an operator of ONNX Runtime takes it. Rounding is symmetric
 * around zero.
 *
 * @param values the whole numbers
 * @param scales what they are multiplied by, float32
 */
public record QuantizedMatrix(Tensor values, Tensor scales) {

    /** Inputs that share a scale in {@link #blocksOfInt4}. */
    public static final int BLOCK = 32;

    /** Largest distance from zero of {@link #columnsOfInt8}, in steps. */
    public static final int LARGEST_INT8 = 127;

    private static final int ZERO_INT4 = 8;

    /** Outputs that are turned together: a tile of rows is read, columns of it are written. */
    private static final int TILE = 64;

    /**
     * For {@code MatMulIntegerToFloat}: [inputs, outputs] of a form, and a scale for each output.
     */
    public static QuantizedMatrix columnsOfInt8(Tensor weight, Int8Form form) {
        int outputs = Math.toIntExact(weight.extent(0));
        Tensor values = Tensor.allocate(form.type(), weight.extent(1), outputs);
        Tensor scales = Tensor.allocate(ElementType.FLOAT32, outputs);
        IntStream.range(0, (outputs + TILE - 1) / TILE)
                .parallel()
                .forEach(tile -> turn(
                        weight,
                        tile * TILE,
                        form.zero(),
                        values.buffer(),
                        scales.buffer().asFloatBuffer()));
        return new QuantizedMatrix(values, scales);
    }

    /** The zero of each output of {@link #columnsOfInt8}, in the form of its values. */
    public Tensor zeroPoints() {
        Tensor zeros = Tensor.allocate(values.type(), scales.count());
        ByteBuffer bytes = zeros.buffer();
        byte zero = (byte) Int8Form.of(values.type()).zero();
        while (bytes.hasRemaining()) {
            bytes.put(zero);
        }
        return zeros;
    }

    private static void turn(Tensor weight, int from, int zero, ByteBuffer values, FloatBuffer scales) {
        int outputs = Math.toIntExact(weight.extent(0));
        int inputs = Math.toIntExact(weight.extent(1));
        int count = Math.min(TILE, outputs - from);
        float[][] rows = new float[count][];
        float[] factors = new float[count];
        for (int i = 0; i < count; i++) {
            rows[i] = weight.slice(from + i, 1).floats();
            float largest = 0;
            for (float value : rows[i]) {
                largest = Math.max(largest, Math.abs(value));
            }
            scales.put(from + i, largest / LARGEST_INT8);
            factors[i] = largest == 0 ? 0 : LARGEST_INT8 / largest;
        }
        byte[] column = new byte[count];
        for (int input = 0; input < inputs; input++) {
            for (int i = 0; i < count; i++) {
                column[i] = (byte) (zero + (int) Math.rint(rows[i][input] * factors[i]));
            }
            values.put(input * outputs + from, column, 0, count);
        }
    }

    /**
     * For {@code MatMulNBits} of 4 bits: uint8 [outputs, blocks, {@value #BLOCK} / 2] with the earlier number in the low
     * half, 8 for zero, and a scale for each output and block.
     */
    public static QuantizedMatrix blocksOfInt4(Tensor weight) {
        int outputs = Math.toIntExact(weight.extent(0));
        int blocks = (Math.toIntExact(weight.extent(1)) + BLOCK - 1) / BLOCK;
        Tensor values = Tensor.allocate(ElementType.UINT8, outputs, blocks, BLOCK / 2);
        Tensor scales = Tensor.allocate(ElementType.FLOAT32, (long) outputs * blocks);
        IntStream.range(0, outputs)
                .parallel()
                .forEach(output -> pack(
                        weight.slice(output, 1).floats(),
                        output * blocks,
                        values.buffer(),
                        scales.buffer().asFloatBuffer()));
        return new QuantizedMatrix(values, scales);
    }

    private static void pack(float[] row, int firstBlock, ByteBuffer values, FloatBuffer scales) {
        byte[] packed = new byte[BLOCK / 2];
        for (int from = 0, block = firstBlock; from < row.length; from += BLOCK, block++) {
            // the number farthest from zero becomes -8, which has no counterpart
            float farthest = 0;
            int to = Math.min(row.length, from + BLOCK);
            for (int i = from; i < to; i++) {
                farthest = Math.abs(row[i]) > Math.abs(farthest) ? row[i] : farthest;
            }
            float scale = -farthest / ZERO_INT4;
            for (int i = 0; i < packed.length; i++) {
                packed[i] = (byte) (nibble(row, from + 2 * i, scale) | nibble(row, from + 2 * i + 1, scale) << 4);
            }
            scales.put(block, scale);
            values.put(block * packed.length, packed);
        }
    }

    private static int nibble(float[] row, int index, float scale) {
        if (index >= row.length || scale == 0) {
            return ZERO_INT4;
        }
        return Math.min(2 * ZERO_INT4 - 1, ZERO_INT4 + (int) Math.rint(row[index] / scale));
    }
}
