package io.palispark.image;

import java.util.Set;

/**
 * An image that was decoded.
 *
 * @param facts what the header says
 * @param pixels the pixels, as stored or upright as asked for
 * @param warnings those of the facts and those of the decoder
 */
public record DecodedImage(ImageFacts facts, RgbImage pixels, Set<ImageWarning> warnings) implements Decoding {

    public DecodedImage {
        warnings = Set.copyOf(warnings);
    }
}
