package io.palispark.annotation;

/** Where the declared size of an image comes from. */
public enum SizeClaim {
    /** The format states it; absent is worth a finding. */
    STATED,
    /** Size of the label picture that the annotations were read from. */
    PAINTED,
    /** The format has no place for it. */
    NONE
}
