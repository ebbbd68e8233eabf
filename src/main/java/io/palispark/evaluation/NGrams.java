package io.palispark.evaluation;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** How often each run of one to four tokens occurs in a caption. */
final class NGrams {

    /** Longest run. */
    static final int LONGEST = 4;

    private NGrams() {}

    /** Counts of the runs of one length; a run is its tokens, so no separator can be forged. */
    static Map<List<String>, Integer> counts(List<String> tokens, int length) {
        Map<List<String>, Integer> counts = new HashMap<>();
        for (int start = 0; start + length <= tokens.size(); start++) {
            counts.merge(List.copyOf(tokens.subList(start, start + length)), 1, Integer::sum);
        }
        return counts;
    }

    /** How many runs of one length a caption has. */
    static int total(List<String> tokens, int length) {
        return Math.max(0, tokens.size() - length + 1);
    }
}
