package io.palispark.tensor;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * What {@link VectorMath} computes with vectors; needs the module jdk.incubator.vector. Exponentials are Taylor's series
 * of what is left after powers of two: no library of the processor's maker, and the same numbers with vectors of any
 * length.
 */
final class VectorFunctions {

    private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Double> DOUBLES = DoubleVector.SPECIES_PREFERRED;
    private static final int LANES = FLOATS.length();
    private static final int VECTOR_BYTES = LANES * Float.BYTES;
    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;

    /** Added and taken away again, it leaves a whole number, which stands in the last bits of the sum. */
    private static final float ROUNDING = 0x1.8p23f;

    private static final double WIDE_ROUNDING = 0x1.8p52;
    private static final float LOG2_E = 1.4426950408889634f;
    private static final float LN2_UPPER = 0.693359375f;
    private static final float LN2_LOWER = -2.12194440e-4f;

    private static final double WIDE_LOG2_E = 1.4426950408889634;
    private static final double WIDE_LN2_UPPER = 6.93147180369123816490e-01;
    private static final double WIDE_LN2_LOWER = 1.90821492927058770002e-10;

    /** A logit so far below the largest adds nothing to nine digits, however many there are. */
    private static final double NOTHING = -50;

    /** Logits that are widened at a time. */
    private static final int BLOCK = 512;

    private static final float GELU_SLOPE = (float) (2 * Math.sqrt(2 / Math.PI));
    private static final float GELU_CUBE = 0.044715f;

    private VectorFunctions() {}

    /** To 2e-7 of the value; what is below the smallest normal number becomes something as small. */
    private static FloatVector exp(FloatVector x) {
        FloatVector bounded = x.max(-87).min(88);
        FloatVector rounded = bounded.mul(LOG2_E).add(ROUNDING);
        FloatVector whole = rounded.sub(ROUNDING);
        FloatVector rest = whole.fma(FloatVector.broadcast(FLOATS, -LN2_UPPER), bounded);
        rest = whole.fma(FloatVector.broadcast(FLOATS, -LN2_LOWER), rest);
        FloatVector series = FloatVector.broadcast(FLOATS, 1f / 5040);
        series = series.fma(rest, FloatVector.broadcast(FLOATS, 1f / 720));
        series = series.fma(rest, FloatVector.broadcast(FLOATS, 1f / 120));
        series = series.fma(rest, FloatVector.broadcast(FLOATS, 1f / 24));
        series = series.fma(rest, FloatVector.broadcast(FLOATS, 1f / 6));
        series = series.fma(rest, FloatVector.broadcast(FLOATS, 0.5f));
        series = series.fma(rest, FloatVector.broadcast(FLOATS, 1));
        series = series.fma(rest, FloatVector.broadcast(FLOATS, 1));
        IntVector power = rounded.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23);
        return series.reinterpretAsInts().add(power).reinterpretAsFloats();
    }

    private static FloatVector gelu(FloatVector x) {
        FloatVector cubic = x.mul(x).mul(GELU_CUBE).add(1).mul(x);
        return x.div(exp(cubic.mul(-GELU_SLOPE)).add(1));
    }

    static void gatedGelu(float[] gates, float[] ups) {
        int whole = FLOATS.loopBound(gates.length);
        for (int i = 0; i < whole; i += LANES) {
            FloatVector up = FloatVector.fromArray(FLOATS, ups, i);
            gelu(FloatVector.fromArray(FLOATS, gates, i)).mul(up).intoArray(gates, i);
        }
        if (whole < gates.length) {
            VectorMask<Float> rest = FLOATS.indexInRange(whole, gates.length);
            FloatVector up = FloatVector.fromArray(FLOATS, ups, whole, rest);
            gelu(FloatVector.fromArray(FLOATS, gates, whole, rest)).mul(up).intoArray(gates, whole, rest);
        }
    }

    static void bend(float[] x, int from, int count, float cap) {
        for (int i = from; i < from + count; i += LANES) {
            FloatVector growth = exp(FloatVector.fromArray(FLOATS, x, i).mul(2 / cap));
            FloatVector tanh = growth.sub(1).div(growth.add(1));
            tanh.mul(cap).intoArray(x, i);
        }
    }

    static void softmax(float[] x, int from, int count) {
        FloatVector first = FloatVector.broadcast(FLOATS, Float.NEGATIVE_INFINITY);
        FloatVector largest = first;
        for (int i = from; i < from + count; i += LANES) {
            largest = FloatVector.fromArray(FLOATS, x, i).max(largest);
        }
        float bound = first.max(largest).reduceLanes(VectorOperators.MAX);
        FloatVector zero = FloatVector.zero(FLOATS);
        FloatVector sums = zero;
        for (int i = from; i < from + count; i += LANES) {
            FloatVector scores = FloatVector.fromArray(FLOATS, x, i);
            FloatVector grown =
                    exp(scores.sub(bound)).blend(0, scores.compare(VectorOperators.EQ, Float.NEGATIVE_INFINITY));
            grown.intoArray(x, i);
            sums = grown.add(sums);
        }
        float sum = zero.add(sums).reduceLanes(VectorOperators.ADD);
        for (int i = from; i < from + count; i += LANES) {
            FloatVector.fromArray(FLOATS, x, i).div(sum).intoArray(x, i);
        }
    }

    static void mix(
            ByteBuffer values,
            int columns,
            int size,
            float[] shares,
            int apart,
            int heads,
            float[] mixed,
            int mixedAt) {
        int rowBytes = size * Float.BYTES;
        boolean isTiled = heads % 4 == 0 && size % (4 * LANES) == 0;
        for (int head = 0; head < heads; head += isTiled ? 4 : 1) {
            int at = mixedAt + head * size;
            for (int i = 0; isTiled && i < size; i += 4 * LANES) {
                mixTile(values, i * Float.BYTES, columns, rowBytes, shares, head * apart, apart, mixed, at + i, size);
            }
            for (int column = 0; !isTiled && column < columns; column++) {
                addScaled(values, column * rowBytes, shares[head * apart + column], mixed, at, size);
            }
        }
    }

    private static void addScaled(ByteBuffer memory, int at, float factor, float[] y, int yAt, int count) {
        int whole = FLOATS.loopBound(count);
        for (int i = 0; i < whole; i += LANES) {
            FloatVector.fromByteBuffer(FLOATS, memory, at + i * Float.BYTES, ORDER)
                    .mul(factor)
                    .add(FloatVector.fromArray(FLOATS, y, yAt + i))
                    .intoArray(y, yAt + i);
        }
        for (int i = whole; i < count; i++) {
            y[yAt + i] += factor * memory.getFloat(at + i * Float.BYTES);
        }
    }

    /**
     * Four heads and four vectors of each, over all columns. Long, because the compiler keeps no vector in a register across
     * a call ({@code palispark benchmark generate} measures it).
     *
     * @param at byte of the first number
     * @param rowBytes from one column to the next
     * @param apart shares from one head to the next
     * @param size mixed numbers from one head to the next
     */
    private static void mixTile(
            ByteBuffer values,
            int at,
            int columns,
            int rowBytes,
            float[] shares,
            int sharesAt,
            int apart,
            float[] mixed,
            int mixedAt,
            int size) {
        FloatVector zero = FloatVector.zero(FLOATS);
        FloatVector s00 = zero;
        FloatVector s01 = zero;
        FloatVector s02 = zero;
        FloatVector s03 = zero;
        FloatVector s10 = zero;
        FloatVector s11 = zero;
        FloatVector s12 = zero;
        FloatVector s13 = zero;
        FloatVector s20 = zero;
        FloatVector s21 = zero;
        FloatVector s22 = zero;
        FloatVector s23 = zero;
        FloatVector s30 = zero;
        FloatVector s31 = zero;
        FloatVector s32 = zero;
        FloatVector s33 = zero;
        int head1 = sharesAt + apart;
        int head2 = head1 + apart;
        int head3 = head2 + apart;
        for (int i = 0; i < columns; i++) {
            int row = at + i * rowBytes;
            FloatVector values0 = FloatVector.fromByteBuffer(FLOATS, values, row, ORDER);
            FloatVector values1 = FloatVector.fromByteBuffer(FLOATS, values, row + VECTOR_BYTES, ORDER);
            FloatVector values2 = FloatVector.fromByteBuffer(FLOATS, values, row + 2 * VECTOR_BYTES, ORDER);
            FloatVector values3 = FloatVector.fromByteBuffer(FLOATS, values, row + 3 * VECTOR_BYTES, ORDER);
            FloatVector share0 = FloatVector.broadcast(FLOATS, shares[sharesAt + i]);
            s00 = values0.fma(share0, s00);
            s01 = values1.fma(share0, s01);
            s02 = values2.fma(share0, s02);
            s03 = values3.fma(share0, s03);
            FloatVector share1 = FloatVector.broadcast(FLOATS, shares[head1 + i]);
            s10 = values0.fma(share1, s10);
            s11 = values1.fma(share1, s11);
            s12 = values2.fma(share1, s12);
            s13 = values3.fma(share1, s13);
            FloatVector share2 = FloatVector.broadcast(FLOATS, shares[head2 + i]);
            s20 = values0.fma(share2, s20);
            s21 = values1.fma(share2, s21);
            s22 = values2.fma(share2, s22);
            s23 = values3.fma(share2, s23);
            FloatVector share3 = FloatVector.broadcast(FLOATS, shares[head3 + i]);
            s30 = values0.fma(share3, s30);
            s31 = values1.fma(share3, s31);
            s32 = values2.fma(share3, s32);
            s33 = values3.fma(share3, s33);
        }
        zero.add(s00).intoArray(mixed, mixedAt);
        zero.add(s01).intoArray(mixed, mixedAt + LANES);
        zero.add(s02).intoArray(mixed, mixedAt + 2 * LANES);
        zero.add(s03).intoArray(mixed, mixedAt + 3 * LANES);
        zero.add(s10).intoArray(mixed, mixedAt + size);
        zero.add(s11).intoArray(mixed, mixedAt + size + LANES);
        zero.add(s12).intoArray(mixed, mixedAt + size + 2 * LANES);
        zero.add(s13).intoArray(mixed, mixedAt + size + 3 * LANES);
        zero.add(s20).intoArray(mixed, mixedAt + 2 * size);
        zero.add(s21).intoArray(mixed, mixedAt + 2 * size + LANES);
        zero.add(s22).intoArray(mixed, mixedAt + 2 * size + 2 * LANES);
        zero.add(s23).intoArray(mixed, mixedAt + 2 * size + 3 * LANES);
        zero.add(s30).intoArray(mixed, mixedAt + 3 * size);
        zero.add(s31).intoArray(mixed, mixedAt + 3 * size + LANES);
        zero.add(s32).intoArray(mixed, mixedAt + 3 * size + 2 * LANES);
        zero.add(s33).intoArray(mixed, mixedAt + 3 * size + 3 * LANES);
    }

    static double logOfSum(float[] logits) {
        double largest = largest(logits);
        double sum = 0;
        double[] below = new double[BLOCK];
        for (int from = 0; from < logits.length; from += BLOCK) {
            int count = Math.min(BLOCK, logits.length - from);
            for (int i = 0; i < count; i++) {
                below[i] = logits[from + i] - largest;
            }
            Arrays.fill(below, count, BLOCK, Double.NEGATIVE_INFINITY);
            sum += sumOfExponentials(below);
        }
        return largest + Math.log(sum);
    }

    private static float largest(float[] x) {
        FloatVector first = FloatVector.broadcast(FLOATS, Float.NEGATIVE_INFINITY);
        FloatVector largest = first;
        int whole = FLOATS.loopBound(x.length);
        for (int i = 0; i < whole; i += LANES) {
            largest = FloatVector.fromArray(FLOATS, x, i).max(largest);
        }
        float result = first.max(largest).reduceLanes(VectorOperators.MAX);
        for (int i = whole; i < x.length; i++) {
            result = Math.max(result, x[i]);
        }
        return result;
    }

    /** @param x whole vectors of numbers up to 0 */
    private static double sumOfExponentials(double[] x) {
        DoubleVector zero = DoubleVector.zero(DOUBLES);
        DoubleVector sums = zero;
        for (int i = 0; i < x.length; i += DOUBLES.length()) {
            DoubleVector some = DoubleVector.fromArray(DOUBLES, x, i);
            if (!some.compare(VectorOperators.LT, NOTHING).allTrue()) {
                sums = exp(some).add(sums);
            }
        }
        return zero.add(sums).reduceLanes(VectorOperators.ADD);
    }

    /** To 1e-12 of the value, for numbers up to 0. */
    private static DoubleVector exp(DoubleVector x) {
        DoubleVector bounded = x.max(-700);
        DoubleVector rounded = bounded.mul(WIDE_LOG2_E).add(WIDE_ROUNDING);
        DoubleVector whole = rounded.sub(WIDE_ROUNDING);
        DoubleVector rest = whole.fma(DoubleVector.broadcast(DOUBLES, -WIDE_LN2_UPPER), bounded);
        rest = whole.fma(DoubleVector.broadcast(DOUBLES, -WIDE_LN2_LOWER), rest);
        DoubleVector series = DoubleVector.broadcast(DOUBLES, 1.0 / 3628800);
        series = series.fma(rest, DoubleVector.broadcast(DOUBLES, 1.0 / 362880));
        series = series.fma(rest, DoubleVector.broadcast(DOUBLES, 1.0 / 40320));
        series = series.fma(rest, DoubleVector.broadcast(DOUBLES, 1.0 / 5040));
        series = series.fma(rest, DoubleVector.broadcast(DOUBLES, 1.0 / 720));
        series = series.fma(rest, DoubleVector.broadcast(DOUBLES, 1.0 / 120));
        series = series.fma(rest, DoubleVector.broadcast(DOUBLES, 1.0 / 24));
        series = series.fma(rest, DoubleVector.broadcast(DOUBLES, 1.0 / 6));
        series = series.fma(rest, DoubleVector.broadcast(DOUBLES, 0.5));
        series = series.fma(rest, DoubleVector.broadcast(DOUBLES, 1));
        series = series.fma(rest, DoubleVector.broadcast(DOUBLES, 1));
        LongVector power = rounded.reinterpretAsLongs().lanewise(VectorOperators.LSHL, 52);
        return series.reinterpretAsLongs().add(power).reinterpretAsDoubles();
    }
}
