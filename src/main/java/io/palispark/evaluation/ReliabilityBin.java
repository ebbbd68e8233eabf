package io.palispark.evaluation;

import java.io.Serializable;

/**
 * Detections of like confidence.
 *
 * @param samples how many
 * @param matched how many of them found an object
 * @param confidence sum of their confidences
 */
public record ReliabilityBin(long samples, long matched, double confidence) implements Serializable {

    static final ReliabilityBin NONE = new ReliabilityBin(0, 0, 0);

    ReliabilityBin plus(ReliabilityBin other) {
        return new ReliabilityBin(samples + other.samples, matched + other.matched, confidence + other.confidence);
    }

    /** Share that found an object; not a number when the bin is empty. */
    public double precision() {
        return (double) matched / samples;
    }

    /** Not a number when the bin is empty. */
    public double meanConfidence() {
        return confidence / samples;
    }

    /** How far confidence and precision are apart. */
    double gap() {
        return Math.abs(precision() - meanConfidence());
    }
}
