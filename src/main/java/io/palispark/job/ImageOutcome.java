package io.palispark.job;

import io.palispark.evaluation.CountingError;
import io.palispark.evaluation.ImageMatches;
import io.palispark.evaluation.OperatingPoint;
import io.palispark.evaluation.ReferringScore;
import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What evaluating one image gave.
 *
 * @param image number of the image
 * @param id in the ground truth; empty for what belongs to no image
 * @param name its file
 * @param matches by variant and label
 * @param sums everything that is added up over images
 */
record ImageOutcome(
        long image, String id, String name, Map<DetectionVariant, TreeMap<String, ImageMatches>> matches, Sums sums)
        implements Serializable {

    /**
     * A mean in the making.
     *
     * @param sum of values
     * @param count of values
     */
    record Mean(double sum, long count) implements Serializable {

        static final Mean NONE = new Mean(0, 0);

        Mean plus(Mean other) {
            return new Mean(sum + other.sum, count + other.count);
        }

        Mean plus(double value) {
            return new Mean(sum + value, count + 1);
        }

        /** Not a number where there is nothing. */
        double value() {
            return sum / count;
        }
    }

    /**
     * @param counts named counts
     * @param boxes by label, at overlap 0.5
     * @param masks by label, at overlap 0.5
     * @param boxOverlap best overlaps of annotated objects, 0 where none was detected
     * @param maskOverlap the same of masks
     * @param ceiling overlaps of masks with what their own tokens give back
     * @param counting objects counted by label
     * @param confusion annotated label, then detected label, at box overlap 0.5; empty text for nothing there
     * @param texts captions and questions
     */
    record Sums(
            TreeMap<String, Long> counts,
            TreeMap<String, OperatingPoint> boxes,
            TreeMap<String, OperatingPoint> masks,
            Mean boxOverlap,
            Mean maskOverlap,
            Mean ceiling,
            CountingError counting,
            ReferringScore referring,
            TreeMap<String, TreeMap<String, Long>> confusion,
            List<TextOutcome> texts)
            implements Serializable {}

    /** What answering a prompt in words gave. */
    sealed interface TextOutcome extends Serializable {}

    /** A caption and its references. */
    record Captioned(String caption, List<String> references) implements TextOutcome {}

    /**
     * An answer to a question.
     *
     * @param humans answers of the annotators, at least one
     */
    record AnsweredQuestion(String answer, List<String> humans) implements TextOutcome {}
}
