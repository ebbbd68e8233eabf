package io.palispark.paligemma;

import io.palispark.tensor.VectorMath;

/** Natural log-softmax, summed up in float64. */
final class LogProbabilities {

    private static final boolean HAS_VECTORS = VectorMath.obstacle().isEmpty();

    private LogProbabilities() {}

    /** Log of the sum of the exponentials, to 1e-9; -inf entries count nothing. */
    static double normaliser(float[] logits) {
        return HAS_VECTORS ? VectorMath.logOfSum(logits) : plainNormaliser(logits);
    }

    /** The same one number at a time. */
    static double plainNormaliser(float[] logits) {
        double largest = Double.NEGATIVE_INFINITY;
        for (float logit : logits) {
            largest = Math.max(largest, logit);
        }
        double sum = 0;
        for (float logit : logits) {
            sum += Math.exp(logit - largest);
        }
        return largest + Math.log(sum);
    }

    /** The log-probability of one token. */
    static double of(float[] logits, int id) {
        return logits[id] - normaliser(logits);
    }

    /** Bends logits off at {@code cap}, in place. */
    static void cap(float[] logits, double cap) {
        float bound = (float) cap;
        for (int i = 0; i < logits.length; i++) {
            logits[i] = bound * (float) Math.tanh(logits[i] / bound);
        }
    }
}
