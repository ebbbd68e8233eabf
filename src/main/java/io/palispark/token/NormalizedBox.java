package io.palispark.token;

import io.palispark.geometry.Box;
import io.palispark.geometry.ImageSize;
import io.palispark.geometry.PixelBox;
import java.io.Serializable;

/**
 * A box as float32 fractions of the image sides, in the token order: what the RefCOCO pipeline of big_vision stores and
 * computes with. Not clipped; edges of a box beyond the image lie outside 0 to 1.
 *
 * @param ymin top edge divided by the height
 * @param xmin left edge divided by the width
 * @param ymax bottom edge divided by the height
 * @param xmax right edge divided by the width
 */
public record NormalizedBox(float ymin, float xmin, float ymax, float xmax) implements Serializable {

    public NormalizedBox {
        if (!Float.isFinite(ymin) || !Float.isFinite(xmin) || !Float.isFinite(ymax) || !Float.isFinite(xmax)) {
            throw new IllegalArgumentException("Cannot use [" + ymin + ", " + xmin + ", " + ymax + ", " + xmax
                    + "] as a box: its edges must be finite numbers");
        }
    }

    /** The box divided by the image in double, each edge then stored as float32. */
    public static NormalizedBox of(Box box, ImageSize image) {
        return new NormalizedBox(
                (float) (box.y() / image.height()),
                (float) (box.x() / image.width()),
                (float) (box.bottom() / image.height()),
                (float) (box.right() / image.width()));
    }

    /**
     * The pixels between the edges rounded half to even, with the product of size and fraction in float32 (big_vision,
     * {@code refcoco_mask2str}). May be empty or lie beyond the image: see {@link PixelBox#clippedTo}.
     */
    public PixelBox rounded(ImageSize image) {
        return new PixelBox(
                rounded(ymin, image.height()),
                rounded(xmin, image.width()),
                rounded(ymax, image.height()),
                rounded(xmax, image.width()));
    }

    private static int rounded(float fraction, int side) {
        float product = side * fraction;
        return (int) Math.rint(product);
    }
}
