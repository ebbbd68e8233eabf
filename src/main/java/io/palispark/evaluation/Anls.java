package io.palispark.evaluation;

import java.util.List;

/**
 * Average normalised Levenshtein similarity of one answer (Biten et al., ICCV 2019; big_vision, {@code
 * transfers/vqa.py}): one minus the edit distance as a share of the longer text, counted in code points, and 0 from half
 * the text on. Texts are compared as they are; lower-case them first where the benchmark asks for it.
 */
public final class Anls {

    private static final double LIMIT = 0.5;

    private Anls() {}

    /** The best similarity to any of the accepted answers, 0 when there is none. */
    public static double of(String prediction, List<String> targets) {
        return targets.stream()
                .mapToDouble(target -> of(prediction, target))
                .max()
                .orElse(0);
    }

    /** The similarity to one answer; an empty one is met only by an empty prediction. */
    public static double of(String prediction, String target) {
        int[] left = prediction.codePoints().toArray();
        int[] right = target.codePoints().toArray();
        int longer = Math.max(left.length, right.length);
        if (longer == 0) {
            return 1;
        }
        double distance = (double) distance(left, right) / longer;
        return distance < LIMIT ? 1 - distance : 0;
    }

    private static int distance(int[] left, int[] right) {
        int[] previous = new int[right.length + 1];
        int[] current = new int[right.length + 1];
        for (int j = 0; j <= right.length; j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= left.length; i++) {
            current[0] = i;
            for (int j = 1; j <= right.length; j++) {
                int replaced = previous[j - 1] + (left[i - 1] == right[j - 1] ? 0 : 1);
                current[j] = Math.min(replaced, 1 + Math.min(previous[j], current[j - 1]));
            }
            int[] swapped = previous;
            previous = current;
            current = swapped;
        }
        return previous[right.length];
    }
}
