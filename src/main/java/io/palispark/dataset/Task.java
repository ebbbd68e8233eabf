package io.palispark.dataset;

/** What a training row asks for. */
public enum Task {
    /** Boxes and labels. */
    DETECT,
    /** Boxes, masks and labels. */
    SEGMENT,
    /** A sentence about the picture. */
    CAPTION,
    /** The answer to a question. */
    VQA;

    /** True when the suffix is a list of objects. */
    public boolean listsObjects() {
        return switch (this) {
            case DETECT, SEGMENT -> true;
            case CAPTION, VQA -> false;
        };
    }
}
