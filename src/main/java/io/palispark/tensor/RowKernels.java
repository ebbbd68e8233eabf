package io.palispark.tensor;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Inner loops over weights where they lie, a few matrix rows at a time. The rows of a call lie {@code apart}: when calls
 * go on row by row, each reads as many streams of memory, and a stream that goes on from page to page is fetched ahead.
 * Rows beside each other were half as fast. Needs the module jdk.incubator.vector: only {@link StreamedMatrix} and {@link VectorMath} touch this class, after
 * they have looked for it.
 *
 * <p>A vector load of bfloat16 weights holds pairs: the even number of a pair is the lower half of a 32-bit lane, the odd
 * one the upper. Shifted up and masked they are float32 with the same value, so their factors have to lie apart, first
 * the even and then the odd ones. The loops are long because the compiler keeps no vector in a register across a call
 * ({@code palispark benchmark generate} measures them).
 */
final class RowKernels {

    private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Integer> PAIRS = IntVector.SPECIES_PREFERRED;
    private static final int LANES = FLOATS.length();
    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;
    private static final int UPPER_HALF = 0xFFFF0000;
    private static final int PAIR_BYTES = 4;

    /** Matrix rows of a call. */
    static final int GROUP = 4;

    private RowKernels() {}

    private static FloatVector floats(ByteBuffer memory, int at) {
        return FloatVector.fromByteBuffer(FLOATS, memory, at, ORDER);
    }

    private static IntVector pairs(ByteBuffer memory, int at) {
        return IntVector.fromByteBuffer(PAIRS, memory, at, ORDER);
    }

    private static FloatVector factors(float[] x, int at) {
        return FloatVector.fromArray(FLOATS, x, at);
    }

    private static FloatVector even(IntVector pairs) {
        return pairs.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
    }

    private static FloatVector odd(IntVector pairs, IntVector upper) {
        return pairs.and(upper).reinterpretAsFloats();
    }

    private static float sum(FloatVector vector) {
        return vector.reduceLanes(VectorOperators.ADD);
    }

    private static float even(int pair) {
        return Float.intBitsToFloat(pair << 16);
    }

    private static float odd(int pair) {
        return Float.intBitsToFloat(pair & UPPER_HALF);
    }

    /**
     * Four rows of bfloat16 weights, the first from byte {@code at} on, times one vector.
     *
     * @param inputs of a row, even
     * @param apart rows from one to the next
     * @param x even factors, then odd ones, from {@code xAt} on
     * @param y gets four results from {@code yAt} on, as far apart as the rows
     */
    static void bfloat16(ByteBuffer weights, int at, int inputs, int apart, float[] x, int xAt, float[] y, int yAt) {
        int half = inputs / 2;
        int step = apart * half * PAIR_BYTES;
        int row1 = at + step;
        int row2 = row1 + step;
        int row3 = row2 + step;
        FloatVector even0 = FloatVector.zero(FLOATS);
        FloatVector even1 = even0;
        FloatVector even2 = even0;
        FloatVector even3 = even0;
        FloatVector odd0 = even0;
        FloatVector odd1 = even0;
        FloatVector odd2 = even0;
        FloatVector odd3 = even0;
        IntVector upper = IntVector.broadcast(PAIRS, UPPER_HALF);
        int whole = FLOATS.loopBound(half);
        for (int i = 0; i < whole; i += LANES) {
            int offset = i * PAIR_BYTES;
            FloatVector evenFactors = factors(x, xAt + i);
            FloatVector oddFactors = factors(x, xAt + half + i);
            IntVector pairs0 = pairs(weights, at + offset);
            IntVector pairs1 = pairs(weights, row1 + offset);
            IntVector pairs2 = pairs(weights, row2 + offset);
            IntVector pairs3 = pairs(weights, row3 + offset);
            even0 = even(pairs0).fma(evenFactors, even0);
            odd0 = odd(pairs0, upper).fma(oddFactors, odd0);
            even1 = even(pairs1).fma(evenFactors, even1);
            odd1 = odd(pairs1, upper).fma(oddFactors, odd1);
            even2 = even(pairs2).fma(evenFactors, even2);
            odd2 = odd(pairs2, upper).fma(oddFactors, odd2);
            even3 = even(pairs3).fma(evenFactors, even3);
            odd3 = odd(pairs3, upper).fma(oddFactors, odd3);
        }
        y[yAt] = sum(even0.add(odd0));
        y[yAt + apart] = sum(even1.add(odd1));
        y[yAt + 2 * apart] = sum(even2.add(odd2));
        y[yAt + 3 * apart] = sum(even3.add(odd3));
        for (int row = 0; whole < half && row < GROUP; row++) {
            y[yAt + row * apart] += bfloat16End(weights, at + row * step, inputs, whole, x, xAt);
        }
    }

    /** What the pairs from {@code whole} on, too few for a vector, add to a row. */
    private static float bfloat16End(ByteBuffer weights, int at, int inputs, int whole, float[] x, int xAt) {
        int half = inputs / 2;
        float sum = 0;
        for (int i = whole; i < half; i++) {
            int pair = weights.getInt(at + i * PAIR_BYTES);
            sum += even(pair) * x[xAt + i] + odd(pair) * x[xAt + half + i];
        }
        return sum;
    }

    /** As {@link #bfloat16} for float32 weights and factors in order. */
    static void float32(ByteBuffer weights, int at, int inputs, int apart, float[] x, int xAt, float[] y, int yAt) {
        int step = apart * inputs * Float.BYTES;
        int row1 = at + step;
        int row2 = row1 + step;
        int row3 = row2 + step;
        FloatVector s0 = FloatVector.zero(FLOATS);
        FloatVector s1 = s0;
        FloatVector s2 = s0;
        FloatVector s3 = s0;
        int whole = FLOATS.loopBound(inputs);
        for (int i = 0; i < whole; i += LANES) {
            int offset = i * Float.BYTES;
            FloatVector f = factors(x, xAt + i);
            s0 = floats(weights, at + offset).fma(f, s0);
            s1 = floats(weights, row1 + offset).fma(f, s1);
            s2 = floats(weights, row2 + offset).fma(f, s2);
            s3 = floats(weights, row3 + offset).fma(f, s3);
        }
        y[yAt] = sum(s0);
        y[yAt + apart] = sum(s1);
        y[yAt + 2 * apart] = sum(s2);
        y[yAt + 3 * apart] = sum(s3);
        for (int row = 0; whole < inputs && row < GROUP; row++) {
            for (int i = whole; i < inputs; i++) {
                y[yAt + row * apart] += weights.getFloat(at + row * step + i * Float.BYTES) * x[xAt + i];
            }
        }
    }

    /** The sum of the products of numbers from byte {@code at} on and of {@code x} from {@code xAt} on. */
    static float dot(ByteBuffer memory, int at, float[] x, int xAt, int count) {
        FloatVector even = FloatVector.zero(FLOATS);
        FloatVector odd = even;
        int i = 0;
        for (; i + 2 * LANES <= count; i += 2 * LANES) {
            even = floats(memory, at + i * Float.BYTES).fma(factors(x, xAt + i), even);
            odd = floats(memory, at + (i + LANES) * Float.BYTES).fma(factors(x, xAt + i + LANES), odd);
        }
        float result = sum(even.add(odd));
        for (; i < count; i++) {
            result += memory.getFloat(at + i * Float.BYTES) * x[xAt + i];
        }
        return result;
    }

    /** Adds {@code factor} times the numbers from byte {@code at} on to {@code y} from {@code yAt} on. */
    static void addScaled(ByteBuffer memory, int at, float factor, float[] y, int yAt, int count) {
        int whole = FLOATS.loopBound(count);
        for (int i = 0; i < whole; i += LANES) {
            floats(memory, at + i * Float.BYTES)
                    .mul(factor)
                    .add(factors(y, yAt + i))
                    .intoArray(y, yAt + i);
        }
        for (int i = whole; i < count; i++) {
            y[yAt + i] += factor * memory.getFloat(at + i * Float.BYTES);
        }
    }
}
