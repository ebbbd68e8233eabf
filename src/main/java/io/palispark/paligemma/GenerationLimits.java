package io.palispark.paligemma;

import java.io.Serializable;
import java.util.Set;

/**
 * When a row ends.
 *
 * @param newTokens most tokens of a row, the end token included
 * @param endIds tokens that end a row; none for rows of full length
 */
public record GenerationLimits(int newTokens, Set<Integer> endIds) implements Serializable {

    public GenerationLimits {
        endIds = Set.copyOf(endIds);
        if (newTokens < 1) {
            throw new IllegalArgumentException("Cannot generate " + newTokens + " tokens: at least 1 is needed");
        }
    }
}
