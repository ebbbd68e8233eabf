package io.palispark.evaluation;

import java.util.List;

/**
 * ROUGE-L of one caption (Lin, 2004; pycocoevalcap, {@code rouge.py}): the longest common subsequence as a share of the
 * caption and of the reference, each at its best reference on its own, joined with recall weighing 1.2 times. A
 * corpus is the mean over images.
 */
public final class RougeL {

    private static final double BETA_SQUARED = 1.2 * 1.2;

    private RougeL() {}

    /** The score of a caption against its references, all in tokens. */
    public static double of(List<String> caption, List<List<String>> references) {
        double precision = 0;
        double recall = 0;
        for (List<String> reference : references) {
            if (caption.isEmpty() && reference.isEmpty()) {
                return 1;
            }
            double common = longestCommon(caption, reference);
            precision = Math.max(precision, common / Math.max(1, caption.size()));
            recall = Math.max(recall, common / Math.max(1, reference.size()));
        }
        return precision == 0 || recall == 0
                ? 0
                : (1 + BETA_SQUARED) * precision * recall / (recall + BETA_SQUARED * precision);
    }

    private static int longestCommon(List<String> left, List<String> right) {
        int[] previous = new int[right.size() + 1];
        for (String token : left) {
            int[] current = new int[right.size() + 1];
            for (int j = 1; j <= right.size(); j++) {
                current[j] =
                        token.equals(right.get(j - 1)) ? previous[j - 1] + 1 : Math.max(previous[j], current[j - 1]);
            }
            previous = current;
        }
        return previous[right.size()];
    }
}
