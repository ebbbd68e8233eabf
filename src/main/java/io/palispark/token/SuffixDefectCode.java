package io.palispark.token;

import java.util.Locale;

/** What {@link SuffixParser} finds wrong with a suffix. */
public enum SuffixDefectCode {
    /** Fewer than four locations in a row; the object is dropped. */
    LOCATIONS_MISSING,
    /** More than four locations in a row, and no multiple of four; the object is dropped. */
    LOCATIONS_EXTRA,
    /**
     * A location above 1023. {@code <loc1024>}, which writers without a clip give for the far edge, is read as 1023 and
     * the object kept; with any other it is dropped.
     */
    LOCATION_OUT_OF_RANGE,
    /** A location that is no token: not four digits, or cut; the object is dropped. */
    LOCATION_MALFORMED,
    /** Fewer than 16 segments, or none where the prompt asked for a mask; the object is kept without a mask. */
    SEGMENTS_MISSING,
    /** More segments than 16; the first 16 are the mask, as for big_vision's evaluator. */
    SEGMENTS_EXTRA,
    /** A segment above 127; the object is kept without a mask. */
    SEGMENT_OUT_OF_RANGE,
    /** A segment that is no token: not three digits, or cut; the object is kept without a mask. */
    SEGMENT_MALFORMED,
    /** Segments that no complete box precedes. */
    SEGMENTS_WITHOUT_BOX,
    /** Segments behind the label; they are the object's mask all the same. */
    SEGMENTS_AFTER_LABEL,
    /** The text ends inside the locations (object dropped) or the segments (mask dropped) of its last object. */
    TRUNCATED,
    /** Two objects with no semicolon or line break between them. */
    SEPARATOR_MISSING,
    /** The label stands before the only box between two separators. */
    LABEL_BEFORE_BOX,
    /** No label where the prompt named classes. */
    LABEL_MISSING,
    /** A label that the prompt did not name. */
    LABEL_UNASKED,
    /** An edge beyond its opposite; the corners are kept as written. */
    BOX_REVERSED,
    /** Two opposite edges are equal. */
    BOX_EMPTY,
    /** Box, mask and label of an earlier object again; both are kept. */
    OBJECT_REPEATED,
    /** Text that belongs to no object. */
    STRAY_TEXT,
    /** Text or tokens after {@code <eos>}; they are read all the same. */
    AFTER_END;

    private final String code = name().toLowerCase(Locale.ROOT).replace('_', '-');

    /** The kebab-case name written to records and reports. */
    public String code() {
        return code;
    }

    @Override
    public String toString() {
        return code;
    }
}
