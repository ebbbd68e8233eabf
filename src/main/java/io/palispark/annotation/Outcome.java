package io.palispark.annotation;

/** What a {@link ReasonCode} did to the record it was raised on. */
public enum Outcome {
    /** Nothing of the file is used. */
    REJECT_FILE,
    /** The image and everything on it is left out. */
    REJECT_IMAGE,
    /** One object, caption or question is left out. */
    REJECT_OBJECT,
    /** Kept with a stated change. */
    REPAIR,
    /** Kept as it is. */
    WARN;

    public boolean isReject() {
        return switch (this) {
            case REJECT_FILE, REJECT_IMAGE, REJECT_OBJECT -> true;
            case REPAIR, WARN -> false;
        };
    }
}
