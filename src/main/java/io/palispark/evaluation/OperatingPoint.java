package io.palispark.evaluation;

import java.io.Serializable;
import java.util.OptionalDouble;

/**
 * How many detections are right at one overlap threshold. Counts add up over images, categories and partitions.
 *
 * @param right detections paired with an annotated object of their own
 * @param wrong detections that are neither paired nor excused by a crowd region
 * @param missed annotated objects without a detection, crowd regions left out
 */
public record OperatingPoint(long right, long wrong, long missed) implements Serializable {

    public static final OperatingPoint NONE = new OperatingPoint(0, 0, 0);

    public OperatingPoint plus(OperatingPoint other) {
        return new OperatingPoint(right + other.right, wrong + other.wrong, missed + other.missed);
    }

    /** Empty when nothing was detected. */
    public OptionalDouble precision() {
        return ratio(right, right + wrong);
    }

    /** Empty when there was nothing to find. */
    public OptionalDouble recall() {
        return ratio(right, right + missed);
    }

    /** Empty when nothing was there and nothing was detected. */
    public OptionalDouble f1() {
        return ratio(2 * right, 2 * right + wrong + missed);
    }

    private static OptionalDouble ratio(long part, long whole) {
        return whole == 0 ? OptionalDouble.empty() : OptionalDouble.of((double) part / whole);
    }
}
