package io.palispark.image;

import java.util.Locale;

/** What a careful reader reports about an image that it accepts. */
public enum ImageWarning {
    /** Bytes follow the end of the image; the second picture of a stereo or phone file counts as such. */
    TRAILING_BYTES,
    /** A GIF stops after a complete frame without its trailer byte. */
    END_MARKER_MISSING,
    /** An animation or a file of several pages; the first one counts. */
    SEVERAL_FRAMES,
    /** An orientation tag outside 1 to 8, treated as 1. */
    ORIENTATION_UNKNOWN,
    /** The decoder carried on over broken compressed data; pixels behind it may be wrong. */
    DAMAGED_DATA,
    /** 16-bit grey with values above 255, clipped as Pillow does: such a picture comes out almost white. */
    GREY_CLIPPED,
    /** Lossy WebP: the only pure Java decoder differs from libwebp, by 9 levels on average on the golden picture. */
    PIXELS_APPROXIMATE;

    private final String code = name().toLowerCase(Locale.ROOT).replace('_', '-');

    /** The kebab-case name written to reports. */
    public String code() {
        return code;
    }
}
