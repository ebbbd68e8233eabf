package io.palispark.vqvae;

import io.palispark.geometry.ImageSize;
import io.palispark.geometry.PixelBox;
import io.palispark.geometry.RunLengthMask;

/**
 * Decoded masks back on their images, as big_vision's segmentation evaluator does it: resized to the box by Pillow's
 * float bilinear filter, foreground above 0. Costs the box's pixels, never the image's.
 */
public final class MaskPaster {

    private MaskPaster() {}

    /**
     * The mask pasted on an empty image.
     *
     * @param decoded 64 x 64, row-major
     * @param box where it goes, from {@code BoxQuantizer.pasteBox}; an empty box gives an empty mask
     */
    public static RunLengthMask paste(float[] decoded, PixelBox box, ImageSize image) {
        PixelBox inside = box.clippedTo(image);
        if (inside.isEmpty()) {
            return RunLengthMask.empty(image);
        }
        return RunLengthMask.placed(image, box, bitmap(decoded, box.height(), box.width()));
    }

    /** The resized and thresholded mask alone: height x width, row-major, 1 for foreground. */
    static byte[] bitmap(float[] decoded, int height, int width) {
        byte[] bitmap = new byte[Math.multiplyExact(height, width)];
        new BilinearResize(MaskCodecWeights.SIDE, height, width)
                .resize(decoded, (row, values) -> threshold(values, bitmap, row * width));
        return bitmap;
    }

    private static void threshold(float[] values, byte[] bitmap, int start) {
        for (int x = 0; x < values.length; x++) {
            bitmap[start + x] = values[x] > 0 ? (byte) 1 : 0;
        }
    }
}
