package io.palispark.evaluation;

import java.io.Serializable;
import java.util.Arrays;
import java.util.OptionalDouble;

/**
 * One precision-recall curve of one category, read at the 101 recall levels of COCO.
 *
 * @param truths objects that were to be found; with none the curve says nothing and holds no values
 * @param recall share of them that was found by all detections together
 * @param precision best precision at this recall level or beyond, 0 where the level is not reached
 * @param scores score of the detection that reached the level, 0 where it is not reached
 */
public record PrecisionRecall(long truths, double recall, double[] precision, double[] scores) implements Serializable {

    /** NumPy's {@code linspace(0, 1, 101)}: i * 0.01, which differs from i / 100 in the last bit at ten places. */
    private static final double[] LEVELS = levels();

    /** Number of recall levels. */
    public static final int LEVEL_COUNT = 101;

    /** The recall level of a place in {@link #precision}. */
    public static double level(int index) {
        return LEVELS[index];
    }

    /** Mean precision over the levels, empty when there was nothing to find. */
    public OptionalDouble averagePrecision() {
        return Arrays.stream(precision).average();
    }

    /** Empty when there was nothing to find. */
    public OptionalDouble averageRecall() {
        return truths == 0 ? OptionalDouble.empty() : OptionalDouble.of(recall);
    }

    private static double[] levels() {
        double[] levels = new double[LEVEL_COUNT];
        Arrays.setAll(levels, index -> index * 0.01);
        levels[LEVEL_COUNT - 1] = 1.0;
        return levels;
    }

    /**
     * Draws the curve from detections in descending order of score, holding 101 values whatever their number. The
     * envelope (best precision from here on) is kept from left to right: it never rises, so a new precision lifts a
     * suffix of the levels reached so far.
     */
    static final class Builder {

        private static final double EPSILON = Math.ulp(1.0);

        private final long truths;
        private final double[] precision = new double[LEVEL_COUNT];
        private final double[] scores = new double[LEVEL_COUNT];
        private long right;
        private long wrong;
        private int reached;

        Builder(long truths) {
            this.truths = truths;
        }

        void addIgnored(double score) {
            reach(score);
        }

        void addRight(double score) {
            right++;
            reach(score);
        }

        void addWrong(double score) {
            wrong++;
            reach(score);
        }

        private void reach(double score) {
            double recallNow = (double) right / truths;
            double precisionNow = right / (wrong + right + EPSILON);
            while (reached < LEVEL_COUNT && recallNow >= LEVELS[reached]) {
                scores[reached++] = score;
            }
            for (int level = reached - 1; level >= 0 && precision[level] < precisionNow; level--) {
                precision[level] = precisionNow;
            }
        }

        PrecisionRecall build() {
            return truths == 0
                    ? new PrecisionRecall(0, 0, new double[0], new double[0])
                    : new PrecisionRecall(truths, (double) right / truths, precision, scores);
        }
    }
}
