package io.palispark.tensor;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Inner loops over weights where they lie, four matrix rows at a time. The rows of a call lie {@code apart}: when calls
 * go on row by row, each reads as many streams of memory, and a stream that goes on from page to page is fetched ahead.
 * Rows beside each other were half as fast. Needs the module jdk.incubator.vector: only {@link StreamedMatrix} and
 * {@link VectorMath} touch this class and {@link Float32Kernels}, after they have looked for it.
 *
 * <p>A vector load of bfloat16 weights holds pairs: the even number of a pair is the lower half of a 32-bit lane, the odd
 * one the upper. Shifted up and masked they are float32 with the same value, so their factors have to lie apart: for each
 * {@link #LANES} pairs the even ones of every vector, then the odd ones of every vector. A vector is summed up in the same
 * order beside others and alone.
 *
 * <p>The loops are long because the compiler keeps no vector in a register across a call, and leave a vector of partial sums
 * for each result because adding up lanes row by row took a tenth of the time ({@code StreamedMatrixBenchmark}). What comes
 * out of a loop is added to zero: the compiler does not know the class of a variable that a loop changed, and has to guess it
 * from vectors of every length that other code uses.
 */
final class RowKernels {

    static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Integer> PAIRS = IntVector.SPECIES_PREFERRED;

    /** Numbers of a vector. */
    static final int LANES = FLOATS.length();

    static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;
    private static final int UPPER_HALF = 0xFFFF0000;
    private static final int PAIR_BYTES = 4;
    static final int STEP_BYTES = LANES * PAIR_BYTES;

    /** For each power of two, the lanes whose number has it. */
    private static final List<VectorMask<Float>> SECOND = secondLanes();

    /** Matrix rows of a call. */
    static final int GROUP = 4;

    /** Vectors of a call of {@link #bfloat16Tile}. */
    static final int TILE = 4;

    /** Products of a loop's index by one number: a range check stays in the loop when two are multiplied. */
    private static final int STEP_FACTORS = 2 * LANES;

    private static final int TILE_FACTORS = TILE * STEP_FACTORS;

    /** Kept, so that it is in the cache: new memory for every part cost a fifth of the time that four vectors take. */
    private static final ThreadLocal<float[]> SUMS = ThreadLocal.withInitial(() -> new float[0]);

    private RowKernels() {}

    private static List<VectorMask<Float>> secondLanes() {
        List<VectorMask<Float>> masks = new ArrayList<>();
        for (int distance = 1; distance < LANES; distance *= 2) {
            boolean[] second = new boolean[LANES];
            for (int lane = 0; lane < LANES; lane++) {
                second[lane] = (lane & distance) != 0;
            }
            masks.add(FLOATS.loadMask(second, 0));
        }
        return List.copyOf(masks);
    }

    private static IntVector pairs(ByteBuffer memory, int at) {
        return IntVector.fromByteBuffer(PAIRS, memory, at, ORDER);
    }

    static FloatVector factors(float[] x, int at) {
        return FloatVector.fromArray(FLOATS, x, at);
    }

    private static FloatVector even(IntVector pairs) {
        return pairs.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
    }

    private static FloatVector odd(IntVector pairs, IntVector upper) {
        return pairs.and(upper).reinterpretAsFloats();
    }

    /** The even number of a pair of bfloat16. */
    static float even(int pair) {
        return Float.intBitsToFloat(pair << 16);
    }

    /** The odd number of a pair of bfloat16. */
    static float odd(int pair) {
        return Float.intBitsToFloat(pair & UPPER_HALF);
    }

    /**
     * Four rows of bfloat16 weights, the first from byte {@code at} on, times one vector.
     *
     * @param steps of {@link #LANES} pairs
     * @param rowBytes from one of the four rows to the next
     * @param x for each step even factors, then odd ones, from {@code xAt} on
     * @param sums gets {@link #LANES} partial sums for each of the four from {@code sumsAt} on
     * @param sumsApart from those of one row to those of the next
     */
    static void bfloat16(
            ByteBuffer weights,
            int at,
            int steps,
            int rowBytes,
            float[] x,
            int xAt,
            float[] sums,
            int sumsAt,
            int sumsApart) {
        FloatVector zero = FloatVector.zero(FLOATS);
        FloatVector s0 = zero;
        FloatVector s1 = zero;
        FloatVector s2 = zero;
        FloatVector s3 = zero;
        IntVector upper = IntVector.broadcast(PAIRS, UPPER_HALF);
        for (int i = 0; i < steps; i++) {
            int row0 = at + i * STEP_BYTES;
            int row1 = row0 + rowBytes;
            int row2 = row1 + rowBytes;
            int row3 = row2 + rowBytes;
            IntVector pairs0 = pairs(weights, row0);
            IntVector pairs1 = pairs(weights, row1);
            IntVector pairs2 = pairs(weights, row2);
            IntVector pairs3 = pairs(weights, row3);
            int f = xAt + i * STEP_FACTORS;
            FloatVector even = factors(x, f);
            FloatVector odd = factors(x, f + LANES);
            s0 = odd(pairs0, upper).fma(odd, even(pairs0).fma(even, s0));
            s1 = odd(pairs1, upper).fma(odd, even(pairs1).fma(even, s1));
            s2 = odd(pairs2, upper).fma(odd, even(pairs2).fma(even, s2));
            s3 = odd(pairs3, upper).fma(odd, even(pairs3).fma(even, s3));
        }
        zero.add(s0).intoArray(sums, sumsAt);
        zero.add(s1).intoArray(sums, sumsAt + sumsApart);
        zero.add(s2).intoArray(sums, sumsAt + 2 * sumsApart);
        zero.add(s3).intoArray(sums, sumsAt + 3 * sumsApart);
    }

    /**
     * As {@link #bfloat16} for {@link #TILE} vectors. Register for register: weights are widened once for all of them.
     *
     * @param x for each step the even factors of each vector, then the odd ones of each
     * @param sumsApart from the partial sums of one row to those of the next; those of a vector follow the four rows of
     *     the one before
     */
    static void bfloat16Tile(
            ByteBuffer weights,
            int at,
            int steps,
            int rowBytes,
            float[] x,
            int xAt,
            float[] sums,
            int sumsAt,
            int sumsApart) {
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
        IntVector upper = IntVector.broadcast(PAIRS, UPPER_HALF);
        for (int i = 0; i < steps; i++) {
            int row0 = at + i * STEP_BYTES;
            int row1 = row0 + rowBytes;
            int row2 = row1 + rowBytes;
            int row3 = row2 + rowBytes;
            IntVector pairs0 = IntVector.fromByteBuffer(PAIRS, weights, row0, ORDER);
            IntVector pairs1 = IntVector.fromByteBuffer(PAIRS, weights, row1, ORDER);
            IntVector pairs2 = IntVector.fromByteBuffer(PAIRS, weights, row2, ORDER);
            IntVector pairs3 = IntVector.fromByteBuffer(PAIRS, weights, row3, ORDER);
            int f = xAt + i * TILE_FACTORS;
            FloatVector even0 = pairs0.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
            FloatVector even1 = pairs1.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
            FloatVector even2 = pairs2.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
            FloatVector even3 = pairs3.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
            FloatVector evenFactors0 = FloatVector.fromArray(FLOATS, x, f);
            s00 = even0.fma(evenFactors0, s00);
            s10 = even1.fma(evenFactors0, s10);
            s20 = even2.fma(evenFactors0, s20);
            s30 = even3.fma(evenFactors0, s30);
            FloatVector evenFactors1 = FloatVector.fromArray(FLOATS, x, f + LANES);
            s01 = even0.fma(evenFactors1, s01);
            s11 = even1.fma(evenFactors1, s11);
            s21 = even2.fma(evenFactors1, s21);
            s31 = even3.fma(evenFactors1, s31);
            FloatVector evenFactors2 = FloatVector.fromArray(FLOATS, x, f + 2 * LANES);
            s02 = even0.fma(evenFactors2, s02);
            s12 = even1.fma(evenFactors2, s12);
            s22 = even2.fma(evenFactors2, s22);
            s32 = even3.fma(evenFactors2, s32);
            FloatVector evenFactors3 = FloatVector.fromArray(FLOATS, x, f + 3 * LANES);
            s03 = even0.fma(evenFactors3, s03);
            s13 = even1.fma(evenFactors3, s13);
            s23 = even2.fma(evenFactors3, s23);
            s33 = even3.fma(evenFactors3, s33);
            FloatVector odd0 = pairs0.and(upper).reinterpretAsFloats();
            FloatVector odd1 = pairs1.and(upper).reinterpretAsFloats();
            FloatVector odd2 = pairs2.and(upper).reinterpretAsFloats();
            FloatVector odd3 = pairs3.and(upper).reinterpretAsFloats();
            FloatVector oddFactors0 = FloatVector.fromArray(FLOATS, x, f + 4 * LANES);
            s00 = odd0.fma(oddFactors0, s00);
            s10 = odd1.fma(oddFactors0, s10);
            s20 = odd2.fma(oddFactors0, s20);
            s30 = odd3.fma(oddFactors0, s30);
            FloatVector oddFactors1 = FloatVector.fromArray(FLOATS, x, f + 5 * LANES);
            s01 = odd0.fma(oddFactors1, s01);
            s11 = odd1.fma(oddFactors1, s11);
            s21 = odd2.fma(oddFactors1, s21);
            s31 = odd3.fma(oddFactors1, s31);
            FloatVector oddFactors2 = FloatVector.fromArray(FLOATS, x, f + 6 * LANES);
            s02 = odd0.fma(oddFactors2, s02);
            s12 = odd1.fma(oddFactors2, s12);
            s22 = odd2.fma(oddFactors2, s22);
            s32 = odd3.fma(oddFactors2, s32);
            FloatVector oddFactors3 = FloatVector.fromArray(FLOATS, x, f + 7 * LANES);
            s03 = odd0.fma(oddFactors3, s03);
            s13 = odd1.fma(oddFactors3, s13);
            s23 = odd2.fma(oddFactors3, s23);
            s33 = odd3.fma(oddFactors3, s33);
        }
        zero.add(s00).intoArray(sums, sumsAt);
        zero.add(s10).intoArray(sums, sumsAt + sumsApart);
        zero.add(s20).intoArray(sums, sumsAt + 2 * sumsApart);
        zero.add(s30).intoArray(sums, sumsAt + 3 * sumsApart);
        zero.add(s01).intoArray(sums, sumsAt + 4 * sumsApart);
        zero.add(s11).intoArray(sums, sumsAt + 5 * sumsApart);
        zero.add(s21).intoArray(sums, sumsAt + 6 * sumsApart);
        zero.add(s31).intoArray(sums, sumsAt + 7 * sumsApart);
        zero.add(s02).intoArray(sums, sumsAt + 8 * sumsApart);
        zero.add(s12).intoArray(sums, sumsAt + 9 * sumsApart);
        zero.add(s22).intoArray(sums, sumsAt + 10 * sumsApart);
        zero.add(s32).intoArray(sums, sumsAt + 11 * sumsApart);
        zero.add(s03).intoArray(sums, sumsAt + 12 * sumsApart);
        zero.add(s13).intoArray(sums, sumsAt + 13 * sumsApart);
        zero.add(s23).intoArray(sums, sumsAt + 14 * sumsApart);
        zero.add(s33).intoArray(sums, sumsAt + 15 * sumsApart);
    }

    /** Room for {@code count} vectors of {@link #LANES} partial sums, which this thread may use until it asks again. */
    static float[] sums(int count) {
        int needed = wholeVectors(count) * LANES;
        if (SUMS.get().length < needed) {
            SUMS.set(new float[needed]);
        }
        return SUMS.get();
    }

    /** {@code count} rounded up to whole vectors. */
    static int wholeVectors(int count) {
        return (count + LANES - 1) / LANES * LANES;
    }

    /**
     * Adds up each of {@code count} vectors of partial sums: neighbours, then neighbours of those. The results are the
     * first {@code count} numbers.
     *
     * @param sums room from {@link #sums}
     */
    static void addLanes(float[] sums, int count) {
        int vectors = wholeVectors(count);
        for (int distance = 1; distance < LANES; distance *= 2) {
            vectors /= 2;
            VectorMask<Float> isSecond = SECOND.get(Integer.numberOfTrailingZeros(distance));
            for (int i = 0; i < vectors; i++) {
                int first = 2 * i * LANES;
                int second = first + LANES;
                FloatVector a = factors(sums, first).add(factors(sums, first + distance));
                FloatVector b = factors(sums, second).add(factors(sums, second - distance));
                a.blend(b, isSecond).intoArray(sums, i * LANES);
            }
        }
    }
}
