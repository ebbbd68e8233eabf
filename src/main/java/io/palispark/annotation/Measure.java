package io.palispark.annotation;

/** What the numbers and the mask of an object are measured in. */
public enum Measure {
    /** Pixels of the image; run lengths were stated for the image's size. */
    PIXELS,
    /** Pixels of the image; the mask was read from a label picture, which should have the image's size. */
    PAINTED_PIXELS,
    /** Shares of the image's width and height; a mask covers the whole image at a resolution of its own. */
    SHARES
}
