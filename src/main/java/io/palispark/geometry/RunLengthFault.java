package io.palispark.geometry;

/** What makes a list or string of run lengths unreadable. */
public enum RunLengthFault {
    /** A character outside ASCII 48..111. */
    BAD_CHARACTER,
    /** The string ends inside a value. */
    TRUNCATED,
    /** A run length below 0 or above 2^32 - 1. */
    COUNT_OUT_OF_RANGE,
    /** The runs cover fewer pixels than the image has. */
    SUM_TOO_SMALL,
    /** The runs cover more pixels than the image has. */
    SUM_TOO_LARGE
}
