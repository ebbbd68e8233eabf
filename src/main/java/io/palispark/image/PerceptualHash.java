package io.palispark.image;

import io.palispark.geometry.ImageSize;
import java.io.Serializable;

/**
 * 64 bits that change little when a picture is encoded again, scaled or brightened: the signs, against their median, of
 * the 8 x 8 lowest frequencies of a 32 x 32 grey picture (discrete cosine transform; Zauner, "Implementation and
 * Benchmarking of Perceptual Image Hash Functions", 2010, section 3.2.1). The constant term takes no part in the median.
 * Not made against an adversary: equal hashes mean "look alike", not "are equal".
 *
 * @param bits row-major from the constant term, the first in the highest bit
 */
public record PerceptualHash(long bits) implements Serializable {

    /** Pictures at most this far apart count as the same one; chosen on the demo corpus (see the test). */
    public static final int DEFAULT_DISTANCE = 4;

    static final int SIDE = 32;
    private static final int KEPT = 8;
    private static final ImageSize REDUCED = new ImageSize(SIDE, SIDE);
    private static final BicubicResize REDUCTION = new BicubicResize(PassOrder.PILLOW_11);
    private static final double[][] COSINES = cosines();

    /** The hash of a picture; hash upright pixels if turned copies shall meet. */
    public static PerceptualHash of(RgbImage image) {
        return ofLuma(luma(REDUCTION.to(image, REDUCED)));
    }

    /** The hash of a reduced grey picture, {@link #SIDE} x {@link #SIDE}. */
    static PerceptualHash ofLuma(double[] luma) {
        double[] frequencies = lowFrequencies(luma);
        double[] sorted = java.util.Arrays.copyOfRange(frequencies, 1, frequencies.length);
        java.util.Arrays.sort(sorted);
        double median = sorted[sorted.length / 2];
        long bits = 0;
        for (double frequency : frequencies) {
            bits = bits << 1 | (frequency > median ? 1 : 0);
        }
        return new PerceptualHash(bits);
    }

    /** Number of bits that differ, 0 to 64. */
    public int hammingDistance(PerceptualHash other) {
        return Long.bitCount(bits ^ other.bits);
    }

    /** ITU-R BT.601 luma, row-major. */
    static double[] luma(RgbImage image) {
        double[] luma = new double[image.rgb().length / 3];
        for (int i = 0; i < luma.length; i++) {
            luma[i] = 0.299 * (image.rgb()[3 * i] & 0xFF)
                    + 0.587 * (image.rgb()[3 * i + 1] & 0xFF)
                    + 0.114 * (image.rgb()[3 * i + 2] & 0xFF);
        }
        return luma;
    }

    private static double[] lowFrequencies(double[] luma) {
        double[] across = new double[SIDE * KEPT];
        for (int row = 0; row < SIDE; row++) {
            for (int u = 0; u < KEPT; u++) {
                for (int column = 0; column < SIDE; column++) {
                    across[row * KEPT + u] += COSINES[u][column] * luma[row * SIDE + column];
                }
            }
        }
        double[] frequencies = new double[KEPT * KEPT];
        for (int v = 0; v < KEPT; v++) {
            for (int u = 0; u < KEPT; u++) {
                for (int row = 0; row < SIDE; row++) {
                    frequencies[v * KEPT + u] += COSINES[v][row] * across[row * KEPT + u];
                }
            }
        }
        return frequencies;
    }

    private static double[][] cosines() {
        double[][] cosines = new double[KEPT][SIDE];
        for (int u = 0; u < KEPT; u++) {
            for (int x = 0; x < SIDE; x++) {
                cosines[u][x] = StrictMath.cos(Math.PI * (2 * x + 1) * u / (2.0 * SIDE));
            }
        }
        return cosines;
    }
}
