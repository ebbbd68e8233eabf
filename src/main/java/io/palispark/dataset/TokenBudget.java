package io.palispark.dataset;

import java.io.Serializable;

/**
 * How long a suffix may become. A suffix is never cut.
 *
 * @param tokens most tokens of a suffix, its end token included
 * @param overflow what to do with a row that does not fit
 */
public record TokenBudget(int tokens, Overflow overflow) implements Serializable {

    /** What becomes of a row that does not fit. */
    public enum Overflow {
        /** The smallest objects leave until it fits; they are rejects. */
        DROP_OBJECTS,
        /** The row's classes are divided over several rows; a single class that still does not fit loses objects. */
        SPLIT_PROMPT,
        /** The row and its objects are rejects. */
        REJECT
    }

    public TokenBudget {
        if (tokens < 1) {
            throw new IllegalArgumentException("Cannot keep rows within " + tokens + " tokens: at least 1 is needed");
        }
    }
}
