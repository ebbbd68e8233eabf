package io.palispark.tensor;

import static io.palispark.tensor.RowKernels.FLOATS;
import static io.palispark.tensor.RowKernels.LANES;
import static io.palispark.tensor.RowKernels.ORDER;
import static io.palispark.tensor.RowKernels.STEP_BYTES;
import static io.palispark.tensor.RowKernels.factors;

import java.nio.ByteBuffer;
import jdk.incubator.vector.FloatVector;

/** The loops of {@link RowKernels} for weights that are float32, such as the keys of a cache. */
final class Float32Kernels {

    private static final int TILE_LANES = RowKernels.TILE * LANES;

    private Float32Kernels() {}

    private static FloatVector floats(ByteBuffer memory, int at) {
        return FloatVector.fromByteBuffer(FLOATS, memory, at, ORDER);
    }

    /** As {@link RowKernels#bfloat16} for float32 weights and factors in order. */
    static void one(
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
        for (int i = 0; i < steps; i++) {
            int row0 = at + i * STEP_BYTES;
            int row1 = row0 + rowBytes;
            int row2 = row1 + rowBytes;
            int row3 = row2 + rowBytes;
            FloatVector f = factors(x, xAt + i * LANES);
            s0 = floats(weights, row0).fma(f, s0);
            s1 = floats(weights, row1).fma(f, s1);
            s2 = floats(weights, row2).fma(f, s2);
            s3 = floats(weights, row3).fma(f, s3);
        }
        zero.add(s0).intoArray(sums, sumsAt);
        zero.add(s1).intoArray(sums, sumsAt + sumsApart);
        zero.add(s2).intoArray(sums, sumsAt + 2 * sumsApart);
        zero.add(s3).intoArray(sums, sumsAt + 3 * sumsApart);
    }

    /** As {@link RowKernels#bfloat16Tile} for float32 weights: for each step the factors of each vector. */
    static void tile(
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
        for (int i = 0; i < steps; i++) {
            int row0 = at + i * STEP_BYTES;
            int row1 = row0 + rowBytes;
            int row2 = row1 + rowBytes;
            int row3 = row2 + rowBytes;
            int f = xAt + i * TILE_LANES;
            FloatVector weights0 = FloatVector.fromByteBuffer(FLOATS, weights, row0, ORDER);
            FloatVector weights1 = FloatVector.fromByteBuffer(FLOATS, weights, row1, ORDER);
            FloatVector weights2 = FloatVector.fromByteBuffer(FLOATS, weights, row2, ORDER);
            FloatVector weights3 = FloatVector.fromByteBuffer(FLOATS, weights, row3, ORDER);
            FloatVector factors0 = FloatVector.fromArray(FLOATS, x, f);
            s00 = weights0.fma(factors0, s00);
            s10 = weights1.fma(factors0, s10);
            s20 = weights2.fma(factors0, s20);
            s30 = weights3.fma(factors0, s30);
            FloatVector factors1 = FloatVector.fromArray(FLOATS, x, f + LANES);
            s01 = weights0.fma(factors1, s01);
            s11 = weights1.fma(factors1, s11);
            s21 = weights2.fma(factors1, s21);
            s31 = weights3.fma(factors1, s31);
            FloatVector factors2 = FloatVector.fromArray(FLOATS, x, f + 2 * LANES);
            s02 = weights0.fma(factors2, s02);
            s12 = weights1.fma(factors2, s12);
            s22 = weights2.fma(factors2, s22);
            s32 = weights3.fma(factors2, s32);
            FloatVector factors3 = FloatVector.fromArray(FLOATS, x, f + 3 * LANES);
            s03 = weights0.fma(factors3, s03);
            s13 = weights1.fma(factors3, s13);
            s23 = weights2.fma(factors3, s23);
            s33 = weights3.fma(factors3, s33);
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
}
