package io.palispark.paligemma;

/**
 * One generated row.
 *
 * @param ids new tokens, the end token included where it came
 * @param logProbabilities natural logarithm of each token's probability under the raw logits: before temperature,
 *     filters, grammar and, unless asked for, the final soft cap
 */
public record Generated(int[] ids, double[] logProbabilities, EndReason end) {

    /** The ids without the end token. */
    public int[] textIds() {
        return switch (end) {
            case END_TOKEN, FULL -> java.util.Arrays.copyOf(ids, ids.length - 1);
            case LENGTH, NOT_FINITE -> ids.clone();
        };
    }
}
