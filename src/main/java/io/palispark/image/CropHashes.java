package io.palispark.image;

import io.palispark.geometry.ImageSize;

/**
 * Perceptual hashes of parts of a picture, to be held against the hashes of whole pictures: a picture that was cropped by
 * up to a twelfth on each side looks like one of the parts.
 */
public final class CropHashes {

    /** What a side loses, in shares: every combination for the four sides is a part, the whole is none. */
    private static final double[] MARGINS = {0, 0.025, 0.05, 0.075};

    private static final int REDUCED = 128;
    private static final BicubicResize REDUCTION = new BicubicResize(PassOrder.PILLOW_11);

    private CropHashes() {}

    /** The parts' hashes in a fixed order. */
    public static long[] of(RgbImage image) {
        double[] sums = sums(PerceptualHash.luma(REDUCTION.to(image, new ImageSize(REDUCED, REDUCED))));
        int margins = MARGINS.length;
        long[] hashes = new long[margins * margins * margins * margins - 1];
        for (int part = 1; part <= hashes.length; part++) {
            double top = MARGINS[part % margins];
            double left = MARGINS[part / margins % margins];
            double bottom = 1 - MARGINS[part / margins / margins % margins];
            double right = 1 - MARGINS[part / margins / margins / margins];
            hashes[part - 1] =
                    PerceptualHash.ofLuma(means(sums, top, left, bottom, right)).bits();
        }
        return hashes;
    }

    /** Sums of everything above and left, one row and column more than the picture. */
    private static double[] sums(double[] luma) {
        int stride = REDUCED + 1;
        double[] sums = new double[stride * stride];
        for (int row = 0; row < REDUCED; row++) {
            double line = 0;
            for (int column = 0; column < REDUCED; column++) {
                line += luma[row * REDUCED + column];
                sums[(row + 1) * stride + column + 1] = sums[row * stride + column + 1] + line;
            }
        }
        return sums;
    }

    /** A part, given in shares of the sides, as means over equal cells. */
    private static double[] means(double[] sums, double top, double left, double bottom, double right) {
        int side = PerceptualHash.SIDE;
        double[] means = new double[side * side];
        double[] above = line(sums, top * REDUCED, left, right);
        for (int row = 0; row < side; row++) {
            double[] below = line(sums, (top + (bottom - top) * (row + 1) / side) * REDUCED, left, right);
            for (int column = 0; column < side; column++) {
                means[row * side + column] = below[column + 1] - below[column] - above[column + 1] + above[column];
            }
            above = below;
        }
        return means;
    }

    private static double[] line(double[] sums, double y, double left, double right) {
        int stride = REDUCED + 1;
        int row = Math.min(REDUCED - 1, (int) y);
        double down = y - row;
        double[] line = new double[PerceptualHash.SIDE + 1];
        for (int i = 0; i < line.length; i++) {
            double x = (left + (right - left) * i / PerceptualHash.SIDE) * REDUCED;
            int column = Math.min(REDUCED - 1, (int) x);
            double across = x - column;
            int at = row * stride + column;
            double upper = sums[at] + across * (sums[at + 1] - sums[at]);
            double lower = sums[at + stride] + across * (sums[at + stride + 1] - sums[at + stride]);
            line[i] = upper + down * (lower - upper);
        }
        return line;
    }
}
