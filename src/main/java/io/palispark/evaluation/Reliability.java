package io.palispark.evaluation;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;

/**
 * How well confidence agrees with precision: the reliability curve and the detection calibration errors (Küppers et
 * al., CVPR-W 2020; netcal 1.4). Bins are [low, high), the last one holds 1 as well. A bin of fewer samples than asked
 * for counts as no gap but stays in the denominators. Immutable; adds up over partitions.
 */
public final class Reliability implements Serializable {

    private static final long serialVersionUID = 1L;

    private final List<Integer> cuts;
    private final Map<List<Integer>, ReliabilityBin> bins;

    private Reliability(List<Integer> cuts, Map<List<Integer>, ReliabilityBin> bins) {
        this.cuts = cuts;
        this.bins = bins;
    }

    /**
     * The bins of a set of detections.
     *
     * @param cuts number of bins for the confidence, then for each feature of {@link CalibrationSample#position}
     */
    public static Reliability of(List<Integer> cuts, Iterable<CalibrationSample> samples) {
        Map<List<Integer>, ReliabilityBin> bins = new HashMap<>();
        for (CalibrationSample sample : samples) {
            if (sample.position().size() != cuts.size() - 1) {
                throw new IllegalArgumentException("Cannot bin " + sample + " by " + cuts.size()
                        + " features: bins are needed for the confidence and for each value of the position");
            }
            List<Integer> cell = new ArrayList<>();
            cell.add(place(sample.confidence(), cuts.get(0)));
            for (int feature = 1; feature < cuts.size(); feature++) {
                cell.add(place(sample.position().get(feature - 1), cuts.get(feature)));
            }
            bins.merge(
                    List.copyOf(cell),
                    new ReliabilityBin(1, sample.matched() ? 1 : 0, sample.confidence()),
                    ReliabilityBin::plus);
        }
        return new Reliability(List.copyOf(cuts), bins);
    }

    /** From bins of the confidence alone that were counted elsewhere, ascending. */
    public static Reliability ofConfidence(List<ReliabilityBin> curve) {
        Map<List<Integer>, ReliabilityBin> bins = new HashMap<>();
        for (int place = 0; place < curve.size(); place++) {
            if (curve.get(place).samples() > 0) {
                bins.put(List.of(place), curve.get(place));
            }
        }
        return new Reliability(List.of(curve.size()), bins);
    }

    /**
     * The bin of a value from 0 to 1: the last one whose lower edge, NumPy's {@code linspace}, is not above it.
     *
     * @param count number of bins
     */
    public static int place(double value, int count) {
        double width = 1.0 / count;
        int place = Math.min(count - 1, (int) (value * count));
        if (place + 1 < count && (place + 1) * width <= value) {
            return place + 1;
        }
        return place * width > value ? place - 1 : place;
    }

    public Reliability plus(Reliability other) {
        if (!cuts.equals(other.cuts)) {
            throw new IllegalArgumentException("Cannot add bins cut by " + other.cuts + " to bins cut by " + cuts);
        }
        Map<List<Integer>, ReliabilityBin> sums = new HashMap<>(bins);
        other.bins.forEach((cell, bin) -> sums.merge(cell, bin, ReliabilityBin::plus));
        return new Reliability(cuts, sums);
    }

    /** The bins of the confidence alone, ascending; empty ones included. */
    public List<ReliabilityBin> curve() {
        List<ReliabilityBin> curve = new ArrayList<>(Collections.nCopies(cuts.get(0), ReliabilityBin.NONE));
        new TreeMap<>(byConfidence()).forEach(curve::set);
        return curve;
    }

    private Map<Integer, ReliabilityBin> byConfidence() {
        Map<Integer, ReliabilityBin> sums = new HashMap<>();
        bins.forEach((cell, bin) -> sums.merge(cell.get(0), bin, ReliabilityBin::plus));
        return sums;
    }

    /** D-ECE: the mean gap over samples; empty without samples. */
    public OptionalDouble expectedError(int leastSamples) {
        long total = bins.values().stream().mapToLong(ReliabilityBin::samples).sum();
        return total == 0
                ? OptionalDouble.empty()
                : OptionalDouble.of(bins.values().stream()
                        .mapToDouble(bin -> gap(bin, leastSamples) * bin.samples() / total)
                        .sum());
    }

    /** D-ACE: the mean gap over the bins of each position, then over positions; empty without samples. */
    public OptionalDouble averageError(int leastSamples) {
        Map<List<Integer>, List<Double>> gaps = new HashMap<>();
        bins.forEach((cell, bin) -> gaps.computeIfAbsent(cell.subList(1, cell.size()), position -> new ArrayList<>())
                .add(gap(bin, leastSamples)));
        return gaps.values().stream()
                .mapToDouble(cell ->
                        cell.stream().mapToDouble(Double::doubleValue).average().orElseThrow())
                .average();
    }

    /** D-MCE: the largest gap; empty without samples. */
    public OptionalDouble maximumError(int leastSamples) {
        return bins.values().stream().mapToDouble(bin -> gap(bin, leastSamples)).max();
    }

    private static double gap(ReliabilityBin bin, int leastSamples) {
        return bin.samples() < leastSamples ? 0 : bin.gap();
    }
}
