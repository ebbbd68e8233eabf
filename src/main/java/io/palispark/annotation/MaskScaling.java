package io.palispark.annotation;

import io.palispark.geometry.ImageSize;
import io.palispark.geometry.RunLengthMask;

/** Masks painted at another resolution than their image, by the nearest pixel. */
final class MaskScaling {

    private static final double SAME_ASPECT = 0.01;

    private MaskScaling() {}

    /** True when one size is the other times a factor, up to the rounding of a side. */
    static boolean isScaled(ImageSize mask, ImageSize image) {
        double width = (double) mask.width() * image.height() / mask.height();
        return Math.abs(width - image.width()) <= Math.max(1, SAME_ASPECT * image.width());
    }

    /** The image's pixel takes the value of the mask's pixel that holds its centre. */
    static RunLengthMask scaled(RunLengthMask mask, ImageSize image) {
        byte[] from = mask.bitmap();
        byte[] to = new byte[Math.toIntExact(image.pixels())];
        int width = mask.size().width();
        for (int row = 0, index = 0; row < image.height(); row++) {
            int start = centre(row, mask.size().height(), image.height()) * width;
            for (int column = 0; column < image.width(); column++, index++) {
                to[index] = from[start + centre(column, width, image.width())];
            }
        }
        return RunLengthMask.ofBitmap(image, to);
    }

    private static int centre(int position, int from, int to) {
        return (int) ((2L * position + 1) * from / (2L * to));
    }
}
