package io.palispark.vqvae;

import io.palispark.token.TokenVocabulary;
import java.io.Serializable;

/**
 * How far {@link CodeRefiner} looks.
 *
 * @param sweeps passes over the 16 cells at most, at least 1; a pass that changes nothing is the last
 * @param candidates codes tried in a cell, the nearest of its encoded vector, the encoder's own among them; 1 to 128
 * @param boxSteps how many bins an edge may move from where the box puts it, 0 to leave the box alone
 */
public record RefinementEffort(int sweeps, int candidates, int boxSteps) implements Serializable {

    /** Gains most of what there is to gain; a second sweep doubles the cost for a tenth of the gain. */
    public static final RefinementEffort DEFAULT = new RefinementEffort(1, 4, 1);

    /** Moves only the edges of the box: two thirds of the gain for a single decode. */
    public static final RefinementEffort BOX_ONLY = new RefinementEffort(1, 1, 1);

    public RefinementEffort {
        if (sweeps < 1 || candidates < 1 || candidates > TokenVocabulary.SEGMENTS || boxSteps < 0) {
            throw new IllegalArgumentException("Cannot refine with " + sweeps + " sweeps of " + candidates
                    + " candidates and " + boxSteps + " box steps: at least 1, 1 to " + TokenVocabulary.SEGMENTS
                    + ", and at least 0 are needed");
        }
    }
}
