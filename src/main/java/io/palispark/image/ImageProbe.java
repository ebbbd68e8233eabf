package io.palispark.image;

import java.io.Serializable;

/**
 * Bytes to {@link ImageFacts} without decoding: signature, header, limits, then a walk over the block structure that
 * finds files cut short. The walk reads markers, lengths and check sums only; compressed data may still be broken.
 *
 * @param limits checked as soon as the header names a size
 */
public record ImageProbe(ImageLimits limits) implements Serializable {

    /** The facts, or why the bytes are refused. Never throws for any content. */
    public ImageInspection inspect(byte[] bytes) {
        try {
            return facts(bytes);
        } catch (BrokenImage broken) {
            return broken.fault();
        }
    }

    ImageFacts facts(byte[] bytes) throws BrokenImage {
        if (bytes.length == 0) {
            throw new BrokenImage(ImageFault.Kind.EMPTY_FILE, "the file has no bytes");
        }
        if (bytes.length > limits.maximumBytes()) {
            throw new BrokenImage(
                    ImageFault.Kind.TOO_MANY_BYTES,
                    "the file has " + bytes.length + " bytes, the limit is " + limits.maximumBytes());
        }
        return switch (Signature.of(bytes)) {
            case JPEG -> JpegStructure.walk(bytes, limits).facts();
            case PNG -> PngStructure.walk(bytes, limits).facts();
            case GIF -> GifStructure.walk(bytes, limits).facts();
            case BMP -> BmpStructure.walk(bytes, limits);
            case TIFF -> TiffStructure.walk(bytes, limits);
            case WEBP -> WebpStructure.walk(bytes, limits).facts();
        };
    }
}
