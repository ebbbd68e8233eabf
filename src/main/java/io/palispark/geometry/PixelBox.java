package io.palispark.geometry;

/**
 * A block of whole pixels, in the token order y before x.
 *
 * @param top first row, inclusive
 * @param left first column, inclusive
 * @param bottom last row, exclusive
 * @param right last column, exclusive
 */
public record PixelBox(int top, int left, int bottom, int right) {

    public int height() {
        return bottom - top;
    }

    public int width() {
        return right - left;
    }

    public boolean isEmpty() {
        return bottom <= top || right <= left;
    }

    /** The part inside the image; {@link #isEmpty() empty} when there is none. */
    public PixelBox clippedTo(ImageSize image) {
        return new PixelBox(
                Math.max(0, top), Math.max(0, left), Math.min(image.height(), bottom), Math.min(image.width(), right));
    }
}
