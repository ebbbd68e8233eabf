package io.palispark.image;

import io.palispark.geometry.ImageSize;
import java.io.Serializable;

/**
 * What one image may cost, checked against its header before anything is decoded.
 *
 * @param maximumPixels largest width x height, at most 715 million (an RGB array of Java's largest size)
 * @param maximumBytes largest file in bytes
 */
public record ImageLimits(long maximumPixels, int maximumBytes) implements Serializable {

    private static final long LARGEST_RGB_ARRAY = (Integer.MAX_VALUE - 8) / 3;

    /** 89,478,485 pixels, where Pillow begins to warn of decompression bombs, and 64 MiB. */
    public static final ImageLimits DEFAULT = new ImageLimits(89_478_485, 64 << 20);

    public ImageLimits {
        if (maximumPixels < 1 || maximumPixels > LARGEST_RGB_ARRAY || maximumBytes < 1) {
            throw new IllegalArgumentException("Cannot limit images to " + maximumPixels + " pixels and " + maximumBytes
                    + " bytes: both must be positive, and pixels at most " + LARGEST_RGB_ARRAY);
        }
    }

    /** The announced size, or why it is refused. */
    ImageSize accept(long width, long height) throws BrokenImage {
        if (width < 1 || height < 1) {
            throw BrokenImage.damaged("the header announces " + width + " x " + height + " pixels");
        }
        if (width > maximumPixels || height > maximumPixels || width * height > maximumPixels) {
            throw new BrokenImage(
                    ImageFault.Kind.TOO_MANY_PIXELS,
                    "the header announces " + width + " x " + height + " pixels, the limit is " + maximumPixels);
        }
        return new ImageSize((int) height, (int) width);
    }
}
