package io.palispark.evaluation;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/**
 * Referring segmentation over a set of expressions. Sums add up over partitions; only the mean depends, in its last
 * bits, on the order of addition.
 *
 * @param total expressions
 * @param invalid expressions without a mask, counted as overlap 0
 * @param overlapSum sum of mask overlaps
 * @param intersection pixels in both masks, all expressions together
 * @param union pixels in either mask, all expressions together
 * @param boxesAt expressions whose boxes overlap by at least {@link #BOX_THRESHOLDS}
 * @param masksAt expressions whose masks overlap by at least {@link #MASK_THRESHOLDS}
 */
public record ReferringScore(
        long total,
        long invalid,
        double overlapSum,
        long intersection,
        long union,
        List<Long> boxesAt,
        List<Long> masksAt)
        implements Serializable {

    /** big_vision's {@code boxacc}. */
    public static final List<Double> BOX_THRESHOLDS = List.of(0.5, 0.75);

    /** The precision-at-overlap levels of LAVT and its successors. */
    public static final List<Double> MASK_THRESHOLDS = List.of(0.5, 0.6, 0.7, 0.8, 0.9);

    public static final ReferringScore NONE =
            new ReferringScore(0, 0, 0, 0, 0, List.of(0L, 0L), List.of(0L, 0L, 0L, 0L, 0L));

    public ReferringScore {
        boxesAt = List.copyOf(boxesAt);
        masksAt = List.copyOf(masksAt);
    }

    public ReferringScore plus(ReferringMatch match) {
        return plus(new ReferringScore(
                1,
                match.outcome() == ReferringMatch.Outcome.MASK ? 0 : 1,
                match.overlap(),
                match.intersection(),
                match.union(),
                reached(BOX_THRESHOLDS, match.boxOverlap()),
                reached(MASK_THRESHOLDS, match.overlap())));
    }

    public ReferringScore plus(ReferringScore other) {
        return new ReferringScore(
                total + other.total,
                invalid + other.invalid,
                overlapSum + other.overlapSum,
                intersection + other.intersection,
                union + other.union,
                sums(boxesAt, other.boxesAt),
                sums(masksAt, other.masksAt));
    }

    /** miou, oiou (cumulative: all intersections over all unions), boxacc/t, P@t and invalid (a share). */
    public List<Metric> metrics() {
        List<Metric> metrics = new ArrayList<>();
        metrics.add(new Metric("miou", share(overlapSum)));
        metrics.add(new Metric(
                "oiou", union == 0 ? OptionalDouble.empty() : OptionalDouble.of((double) intersection / union)));
        for (int index = 0; index < boxesAt.size(); index++) {
            metrics.add(new Metric("boxacc/" + BOX_THRESHOLDS.get(index), share(boxesAt.get(index))));
        }
        for (int index = 0; index < masksAt.size(); index++) {
            metrics.add(new Metric("P@" + MASK_THRESHOLDS.get(index), share(masksAt.get(index))));
        }
        metrics.add(new Metric("invalid", share(invalid)));
        return metrics;
    }

    private OptionalDouble share(double part) {
        return total == 0 ? OptionalDouble.empty() : OptionalDouble.of(part / total);
    }

    private static List<Long> reached(List<Double> thresholds, double overlap) {
        return thresholds.stream()
                .map(threshold -> overlap >= threshold ? 1L : 0L)
                .toList();
    }

    private static List<Long> sums(List<Long> left, List<Long> right) {
        List<Long> sums = new ArrayList<>();
        for (int index = 0; index < left.size(); index++) {
            sums.add(left.get(index) + right.get(index));
        }
        return sums;
    }
}
