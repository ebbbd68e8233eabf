package io.palispark.vqvae;

import java.util.Arrays;

/**
 * A square of float32 resized as Pillow 13 resizes mode {@code F} bilinearly: triangle filter widened on reduction,
 * weights and sums in double, float32 after each pass. Equal bit for bit; the order of the two passes is Pillow's own.
 */
final class BilinearResize {

    private final int source;
    private final int height;
    private final int width;
    private final boolean rowsFirst;
    private final Windows rows;
    private final Windows columns;

    /**
     * @param source side of the square given
     * @param height rows wanted, at least 1
     * @param width columns wanted, at least 1
     */
    BilinearResize(int source, int height, int width) {
        this(source, new Sampling(height, 1), new Sampling(width, 1));
    }

    /** Computes only the sampled rows and columns of the result, with the values they have in the full one. */
    BilinearResize(int source, Sampling rows, Sampling columns) {
        this.source = source;
        this.height = rows.count();
        this.width = columns.count();
        this.rowsFirst = source - rows.full() > 0 && source - rows.full() > 2 * (source - columns.full());
        this.rows = new Windows(source, rows);
        this.columns = new Windows(source, columns);
    }

    /**
     * Every {@code step}-th of {@code full} places, beginning half a step in.
     *
     * @param full places in all
     * @param step distance of two samples, 1 for all places
     */
    record Sampling(int full, int step) {

        /** The widest regular samples that are at most {@code most}. */
        static Sampling atMost(int most, int full) {
            return new Sampling(full, (full + most - 1) / most);
        }

        int count() {
            return (full - step / 2 + step - 1) / step;
        }

        int place(int sample) {
            return step / 2 + sample * step;
        }
    }

    /** Takes one row of results at a time, so that a pasted mask never exists as numbers. */
    @FunctionalInterface
    interface RowSink {
        /** @param values of one row; reused for the next */
        void row(int row, float[] values);
    }

    void resize(float[] square, RowSink sink) {
        if (rowsFirst) {
            resizeRowsFirst(square, sink);
        } else {
            resizeColumnsFirst(square, sink);
        }
    }

    private void resizeColumnsFirst(float[] square, RowSink sink) {
        float[] narrowed = new float[source * width];
        for (int y = 0; y < source; y++) {
            columns.along(square, y * source, narrowed, y * width);
        }
        float[] values = new float[width];
        double[] sums = new double[width];
        for (int y = 0; y < height; y++) {
            rows.across(narrowed, width, y, sums, values);
            sink.row(y, values);
        }
    }

    private void resizeRowsFirst(float[] square, RowSink sink) {
        float[] row = new float[source];
        double[] sums = new double[source];
        float[] values = new float[width];
        for (int y = 0; y < height; y++) {
            rows.across(square, source, y, sums, row);
            columns.along(row, 0, values, 0);
            sink.row(y, values);
        }
    }

    /** Which sources each output mixes, and how. */
    private static final class Windows {

        private final int outputs;
        private final int[] first;
        private final double[][] weights;

        Windows(int source, Sampling sampling) {
            this.outputs = sampling.count();
            this.first = new int[outputs];
            this.weights = new double[outputs][];
            double scale = (double) source / sampling.full();
            double wide = Math.max(scale, 1);
            double inverse = 1 / wide;
            for (int output = 0; output < outputs; output++) {
                double centre = (sampling.place(output) + 0.5) * scale;
                int from = Math.max(0, (int) (centre - wide + 0.5));
                int to = Math.min(source, (int) (centre + wide + 0.5));
                first[output] = from;
                weights[output] = normalised(centre, from, to, inverse);
            }
        }

        private static double[] normalised(double centre, int from, int to, double inverse) {
            double[] weights = new double[to - from];
            double sum = 0;
            for (int i = 0; i < weights.length; i++) {
                double distance = Math.abs((i + from - centre + 0.5) * inverse);
                weights[i] = distance < 1 ? 1 - distance : 0;
                sum += weights[i];
            }
            for (int i = 0; i < weights.length && sum != 0; i++) {
                weights[i] /= sum;
            }
            return weights;
        }

        /** One row in, one row out. */
        void along(float[] row, int rowStart, float[] target, int targetStart) {
            for (int output = 0; output < outputs; output++) {
                double[] window = weights[output];
                int at = rowStart + first[output];
                double sum = 0;
                for (double weight : window) {
                    sum += row[at++] * weight;
                }
                target[targetStart + output] = (float) sum;
            }
        }

        /** Several rows of {@code width} in, the row of one output out. */
        void across(float[] rows, int width, int output, double[] sums, float[] target) {
            Arrays.fill(sums, 0);
            double[] window = weights[output];
            for (int i = 0; i < window.length; i++) {
                int row = (first[output] + i) * width;
                for (int x = 0; x < width; x++) {
                    sums[x] += rows[row + x] * window[i];
                }
            }
            for (int x = 0; x < width; x++) {
                target[x] = (float) sums[x];
            }
        }
    }
}
