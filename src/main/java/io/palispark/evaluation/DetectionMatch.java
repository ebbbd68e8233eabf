package io.palispark.evaluation;

import java.io.Serializable;
import java.util.Comparator;

/**
 * What matching found for one detection; all that is left to accumulate, so a corpus of masks shrinks to five numbers a
 * detection. Bit {@code area * thresholds + threshold} of each set is one size class at one overlap.
 *
 * @param score the detection's score
 * @param image image number
 * @param rank place among the image's detections of the category by descending score, from 0
 * @param matched bits where an annotated object was found
 * @param ignored bits where the detection counts neither as right nor as wrong
 */
public record DetectionMatch(double score, long image, int rank, long matched, long ignored) implements Serializable {

    /** The order in which a category's detections are accumulated: what a stable sort over all images gives. */
    public static final Comparator<DetectionMatch> BY_SCORE = Comparator.comparingDouble(DetectionMatch::score)
            .reversed()
            .thenComparingLong(DetectionMatch::image)
            .thenComparingInt(DetectionMatch::rank);

    boolean isMatched(int bit) {
        return (matched >>> bit & 1) != 0;
    }

    boolean isIgnored(int bit) {
        return (ignored >>> bit & 1) != 0;
    }
}
