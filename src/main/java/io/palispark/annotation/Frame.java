package io.palispark.annotation;

/** Which pixel array coordinates count in, where a picture carries an EXIF orientation. */
public enum Frame {
    /** The array in the file, before any turn. */
    STORED,
    /** The array after the turn that the orientation asks for. */
    UPRIGHT
}
