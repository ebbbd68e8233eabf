package io.palispark.evaluation;

/** Whose normalisation of answers decides; they differ only in texts of more than 32 full stops. */
public enum VqaRules {
    /** The official script, which by an argument in the wrong place deletes 32 full stops at most. */
    OFFICIAL(32),
    /** big_vision's evaluator, which deletes all. */
    BIG_VISION(Integer.MAX_VALUE);

    private final int fullStops;

    VqaRules(int fullStops) {
        this.fullStops = fullStops;
    }

    /** Most full stops that are deleted. */
    int fullStops() {
        return fullStops;
    }
}
