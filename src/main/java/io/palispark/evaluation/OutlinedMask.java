package io.palispark.evaluation;

import io.palispark.geometry.ImageSize;
import io.palispark.geometry.PixelBox;
import io.palispark.geometry.RunLengthMask;
import java.io.Serializable;

/**
 * A mask and the band of its pixels next to its edge (Cheng et al., Boundary IoU, CVPR 2021). The image border counts
 * as an edge.
 *
 * @param mask all pixels of the object
 * @param boundary those within the band's width of a pixel outside the mask, by the larger of row and column distance
 */
public record OutlinedMask(RunLengthMask mask, RunLengthMask boundary) implements Serializable {

    /** The published width of the band as a share of the image's diagonal. */
    public static final double DILATION_RATIO = 0.02;

    /** The mask with a band of {@link #DILATION_RATIO} of the image's diagonal, at least one pixel. */
    public static OutlinedMask of(RunLengthMask mask) {
        ImageSize size = mask.size();
        double diagonal = Math.sqrt((double) size.height() * size.height() + (double) size.width() * size.width());
        return of(mask, Math.max(1, (int) Math.rint(DILATION_RATIO * diagonal)));
    }

    /** The mask with a band of the given width in pixels, at least 1. */
    public static OutlinedMask of(RunLengthMask mask, int width) {
        if (width < 1) {
            throw new IllegalArgumentException(
                    "Cannot outline a mask with a band of " + width + " pixels: at least 1 is needed");
        }
        if (mask.isEmpty()) {
            return new OutlinedMask(mask, mask);
        }
        PixelBox bounds = mask.pixelBounds();
        byte[] band = mask.bitmap(bounds);
        byte[] core = erodedAcross(erodedDown(band, bounds, width), bounds, width);
        for (int pixel = 0; pixel < band.length; pixel++) {
            band[pixel] -= core[pixel];
        }
        return new OutlinedMask(mask, RunLengthMask.placed(mask.size(), bounds, band));
    }

    /** Keeps pixels whose whole row neighbourhood is foreground; what lies beyond the bounds is background. */
    private static byte[] erodedAcross(byte[] bitmap, PixelBox bounds, int radius) {
        byte[] eroded = new byte[bitmap.length];
        for (int row = 0; row < bounds.height(); row++) {
            erodeLine(bitmap, eroded, row * bounds.width(), 1, bounds.width(), radius);
        }
        return eroded;
    }

    private static byte[] erodedDown(byte[] bitmap, PixelBox bounds, int radius) {
        byte[] eroded = new byte[bitmap.length];
        for (int column = 0; column < bounds.width(); column++) {
            erodeLine(bitmap, eroded, column, bounds.width(), bounds.height(), radius);
        }
        return eroded;
    }

    private static void erodeLine(byte[] from, byte[] to, int start, int step, int length, int radius) {
        int run = 0;
        for (int index = 0; index < length; index++) {
            run = from[start + index * step] == 0 ? 0 : run + 1;
            if (run > 2L * radius) {
                to[start + (index - radius) * step] = 1;
            }
        }
    }
}
