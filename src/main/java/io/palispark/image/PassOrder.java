package io.palispark.image;

import io.palispark.geometry.ImageSize;

/**
 * Which axis the two-pass resize filters first. The first pass is rounded to bytes, so the order shows in the result; it
 * changed between releases of Pillow (src/libImaging/Resample.c).
 */
public enum PassOrder {
    /** Pillow up to 11.3.0: always columns of a row first. */
    PILLOW_11,
    /** Pillow 12.3.0: rows first for very tall pictures. */
    PILLOW_12,
    /** Pillow 13.0.0: rows first where the height shrinks by more than twice what the width does. */
    PILLOW_13;

    boolean verticalFirst(ImageSize source, ImageSize target) {
        int lostRows = source.height() - target.height();
        int lostColumns = source.width() - target.width();
        return switch (this) {
            case PILLOW_11 -> false;
            case PILLOW_12 -> source.height() > 100L * source.width() && lostRows > 0;
            case PILLOW_13 -> lostRows > 0 && lostRows > 2L * lostColumns;
        };
    }
}
