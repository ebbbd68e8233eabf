package io.palispark.evaluation;

import java.io.Serializable;
import java.util.List;
import java.util.OptionalDouble;

/**
 * How well objects are counted. Sums add up over images and partitions, exactly.
 *
 * @param questions counts compared
 * @param exact counts that are right
 * @param withinOne counts that are off by one at most
 * @param absolute sum of absolute differences
 * @param squared sum of squared differences
 */
public record CountingError(long questions, long exact, long withinOne, long absolute, long squared)
        implements Serializable {

    public static final CountingError NONE = new CountingError(0, 0, 0, 0, 0);

    /** One count; both at least 0. */
    public static CountingError of(int predicted, int truth) {
        long off = Math.abs((long) predicted - truth);
        return new CountingError(1, off == 0 ? 1 : 0, off <= 1 ? 1 : 0, off, off * off);
    }

    public CountingError plus(CountingError other) {
        return new CountingError(
                questions + other.questions,
                exact + other.exact,
                withinOne + other.withinOne,
                absolute + other.absolute,
                squared + other.squared);
    }

    /** accuracy, within-one (shares), mae, rmse (objects). */
    public List<Metric> metrics() {
        return List.of(
                new Metric("accuracy", mean(exact)),
                new Metric("within-one", mean(withinOne)),
                new Metric("mae", mean(absolute)),
                new Metric("rmse", root(mean(squared))));
    }

    private OptionalDouble mean(long sum) {
        return questions == 0 ? OptionalDouble.empty() : OptionalDouble.of((double) sum / questions);
    }

    private static OptionalDouble root(OptionalDouble value) {
        return value.isPresent() ? OptionalDouble.of(Math.sqrt(value.getAsDouble())) : value;
    }
}
