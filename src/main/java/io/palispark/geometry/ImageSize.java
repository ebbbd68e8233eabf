package io.palispark.geometry;

/**
 * Size of a decoded pixel array. Height comes first, as in COCO's {@code size} and in the location tokens.
 *
 * @param height rows, at least 1
 * @param width columns, at least 1
 */
public record ImageSize(int height, int width) implements java.io.Serializable {

    public ImageSize {
        if (height < 1 || width < 1) {
            throw new IllegalArgumentException(
                    "Cannot describe an image of " + height + " x " + width + " pixels: both sides must be at least 1");
        }
    }

    /** Number of pixels, without overflow. */
    public long pixels() {
        return (long) height * width;
    }

    /** The size after a quarter turn. */
    public ImageSize transposed() {
        return new ImageSize(width, height);
    }

    /** All pixels as one block. */
    public PixelBox block() {
        return new PixelBox(0, 0, height, width);
    }

    @Override
    public String toString() {
        return height + "x" + width;
    }
}
