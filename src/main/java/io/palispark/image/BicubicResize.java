package io.palispark.image;

import io.palispark.geometry.ImageSize;
import java.io.Serializable;

/**
 * Pillow's {@code resize(..., BICUBIC)} of RGB pixels, byte for byte: two passes of integer taps with the picture between
 * them rounded to bytes. The aspect ratio is not kept. An axis whose length does not change is not filtered.
 *
 * @param order recorded with whatever is made from the pixels
 */
public record BicubicResize(PassOrder order) implements Serializable {

    private static final int HALF = 1 << (BicubicWeights.FRACTION_BITS - 1);

    /** The picture squashed or stretched to a square of this side, what the model sees. */
    public RgbImage toSquare(RgbImage source, int side) {
        return to(source, new ImageSize(side, side));
    }

    /** The picture squashed or stretched to a size. */
    public RgbImage to(RgbImage source, ImageSize target) {
        return order.verticalFirst(source.size(), target)
                ? columns(rows(source, target.height()), target.width())
                : rows(columns(source, target.width()), target.height());
    }

    /** Filters along x. */
    private static RgbImage columns(RgbImage source, int width) {
        if (source.size().width() == width) {
            return source;
        }
        BicubicWeights weights = BicubicWeights.of(source.size().width(), width);
        ImageSize size = new ImageSize(source.size().height(), width);
        byte[] from = source.rgb();
        byte[] to = new byte[Math.toIntExact(3 * size.pixels())];
        int out = 0;
        for (int y = 0; y < size.height(); y++) {
            int rowAt = 3 * y * source.size().width();
            for (int x = 0; x < width; x++) {
                int red = HALF;
                int green = HALF;
                int blue = HALF;
                int at = rowAt + 3 * weights.first()[x];
                for (int tap : weights.taps()[x]) {
                    red += tap * (from[at] & 0xFF);
                    green += tap * (from[at + 1] & 0xFF);
                    blue += tap * (from[at + 2] & 0xFF);
                    at += 3;
                }
                to[out++] = clamp(red);
                to[out++] = clamp(green);
                to[out++] = clamp(blue);
            }
        }
        return new RgbImage(size, to);
    }

    /** Filters along y, a whole row at a time so that the compiler can use vectors. */
    private static RgbImage rows(RgbImage source, int height) {
        if (source.size().height() == height) {
            return source;
        }
        BicubicWeights weights = BicubicWeights.of(source.size().height(), height);
        ImageSize size = new ImageSize(height, source.size().width());
        int rowBytes = 3 * size.width();
        byte[] from = source.rgb();
        byte[] to = new byte[Math.toIntExact(3 * size.pixels())];
        int[] sums = new int[rowBytes];
        for (int y = 0; y < height; y++) {
            java.util.Arrays.fill(sums, HALF);
            int at = weights.first()[y] * rowBytes;
            for (int tap : weights.taps()[y]) {
                for (int i = 0; i < rowBytes; i++) {
                    sums[i] += tap * (from[at + i] & 0xFF);
                }
                at += rowBytes;
            }
            for (int i = 0; i < rowBytes; i++) {
                to[y * rowBytes + i] = clamp(sums[i]);
            }
        }
        return new RgbImage(size, to);
    }

    private static byte clamp(int sum) {
        return (byte) Math.max(0, Math.min(255, sum >> BicubicWeights.FRACTION_BITS));
    }
}
