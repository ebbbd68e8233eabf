package io.palispark.image;

import io.palispark.geometry.ImageSize;
import java.io.Serializable;
import java.util.Set;

/**
 * What the header and the block structure of an image say, without a pixel decoded.
 *
 * @param format container, by content
 * @param storedSize size of the pixel array as stored, before any orientation is applied
 * @param orientation EXIF orientation 1 to 8; 1 where the file names none or an unknown one
 * @param warnings what is odd but harmless
 */
public record ImageFacts(ImageFormat format, ImageSize storedSize, int orientation, Set<ImageWarning> warnings)
        implements ImageInspection, Serializable {

    public ImageFacts {
        warnings = Set.copyOf(warnings);
    }

    /** Size of the picture as a viewer shows it. */
    public ImageSize uprightSize() {
        return orientation >= 5 ? storedSize.transposed() : storedSize;
    }
}
