package io.palispark.annotation;

/** What files of a format can state, the columns of the table of formats. */
public enum FormatContent {
    BOXES,
    MASKS,
    CAPTIONS,
    QUESTIONS,
    /** Regions that cover a group. */
    CROWD,
    /** Turned boxes. */
    ROTATION,
    /** The size of each picture, so that an EXIF turn shows in it. */
    SIZES,
    /** The dataset's own splits. */
    SPLITS
}
