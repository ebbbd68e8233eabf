package io.palispark.geometry;

/** The resize as TensorFlow does it, on painted pixels: the oracle of resampling from runs, itself held to the goldens. */
final class PaintedResampler {

    private static final int SIDE = MaskResampler.SIDE;

    private PaintedResampler() {}

    /** The soft mask of a row-major block with unsigned values 0..255. */
    static float[] softMask(byte[] block, int height, int width) {
        TriangleWindows rows = new TriangleWindows(height);
        TriangleWindows columns = new TriangleWindows(width);
        float[] tall = new float[SIDE * width];
        for (int y = 0; y < SIDE; y++) {
            for (int x = 0; x < width; x++) {
                float sum = 0;
                for (int source = rows.first(y); source < rows.end(y); source++) {
                    sum += rows.weight(y, source) * (block[source * width + x] & 0xff);
                }
                tall[y * width + x] = sum;
            }
        }
        float[] soft = new float[SIDE * SIDE];
        for (int y = 0; y < SIDE; y++) {
            for (int x = 0; x < SIDE; x++) {
                float sum = 0;
                for (int source = columns.first(x); source < columns.end(x); source++) {
                    sum += columns.weight(x, source) * tall[y * width + source];
                }
                soft[y * SIDE + x] = sum / 255f;
            }
        }
        return soft;
    }
}
