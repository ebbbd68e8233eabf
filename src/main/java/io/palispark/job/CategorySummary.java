package io.palispark.job;

import io.palispark.evaluation.CategoryCurves;
import io.palispark.evaluation.DetectionMatch;
import io.palispark.evaluation.DetectionMeans;
import io.palispark.evaluation.DetectionProtocol;
import io.palispark.evaluation.PrecisionRecall;
import io.palispark.evaluation.Reliability;
import io.palispark.evaluation.ReliabilityBin;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;

/**
 * Everything that is kept of one label under one variant, a few kilobytes whatever the number of detections.
 *
 * @param objects that were to be found
 * @param numbers COCO's twelve, of a federated variant LVIS' ten, not a number where there was nothing to measure
 * @param curves best precision at the 101 recall levels: at overlap 0.5, at 0.75, and the mean over all thresholds;
 *     empty without objects
 * @param reliability detections by confidence, matched at overlap 0.5; those of crowd regions left out
 */
record CategorySummary(
        DetectionVariant variant,
        String label,
        long objects,
        long detections,
        double[] numbers,
        List<double[]> curves,
        List<ReliabilityBin> reliability)
        implements Serializable {

    /** Names of the twelve numbers, in order. */
    static final List<String> NAMES =
            List.of("AP", "AP50", "AP75", "APs", "APm", "APl", "AR1", "AR10", "AR100", "ARs", "ARm", "ARl");

    /** Names of the numbers of federated variants, in order. */
    static final List<String> FEDERATED_NAMES =
            List.of("AP", "AP50", "AP75", "APs", "APm", "APl", "AR@300", "ARs@300", "ARm@300", "ARl@300");

    /**
     * Accumulates one label in one pass.
     *
     * @param truths objects to find, one count a size class
     * @param matches of all images in the order of {@link DetectionMatch#BY_SCORE}
     */
    static CategorySummary of(
            DetectionVariant variant, String label, List<Long> truths, Iterator<DetectionMatch> matches, int bins) {
        Reliable reliable = new Reliable(matches, bins);
        DetectionProtocol protocol = variant.protocol();
        CategoryCurves curves = CategoryCurves.accumulate(protocol, truths, reliable);
        DetectionMeans means = DetectionMeans.of(List.of(curves));
        double[] numbers = (protocol.equals(DetectionProtocol.LVIS) ? means.lvis() : means.coco())
                .stream()
                        .mapToDouble(metric -> metric.value().orElse(Double.NaN))
                        .toArray();
        return new CategorySummary(
                variant, label, truths.get(0), reliable.seen, numbers, levels(curves), reliable.bins());
    }

    /** True where calibration counts it: a score from 0 to 1, and not of a crowd region at overlap 0.5. */
    static boolean hasConfidence(DetectionMatch match) {
        // bit 0 is overlap 0.5 at all sizes
        return match.score() >= 0 && match.score() <= 1 && (match.ignored() & 1) == 0;
    }

    private static List<double[]> levels(CategoryCurves curves) {
        DetectionProtocol protocol = curves.protocol();
        int cut = protocol.cuts().size() - 1;
        if (curves.curve(0, 0, cut).precision().length == 0) {
            return List.of();
        }
        int thresholds = protocol.thresholds().size();
        double[] mean = new double[PrecisionRecall.LEVEL_COUNT];
        for (int threshold = 0; threshold < thresholds; threshold++) {
            double[] precision = curves.curve(threshold, 0, cut).precision();
            for (int level = 0; level < mean.length; level++) {
                mean[level] += precision[level] / thresholds;
            }
        }
        int threeQuarters = protocol.thresholds().indexOf(0.75);
        return List.of(
                curves.curve(0, 0, cut).precision(),
                curves.curve(threeQuarters, 0, cut).precision(),
                mean);
    }

    /** Passes matches on and counts them by confidence. */
    private static final class Reliable implements Iterator<DetectionMatch> {

        private final Iterator<DetectionMatch> matches;
        private final long[] samples;
        private final long[] matched;
        private final double[] confidence;
        private long seen;

        Reliable(Iterator<DetectionMatch> matches, int bins) {
            this.matches = matches;
            samples = new long[bins];
            matched = new long[bins];
            confidence = new double[bins];
        }

        @Override
        public boolean hasNext() {
            return matches.hasNext();
        }

        @Override
        public DetectionMatch next() {
            DetectionMatch match = matches.next();
            seen++;
            if (hasConfidence(match)) {
                int bin = Reliability.place(match.score(), samples.length);
                samples[bin]++;
                matched[bin] += match.matched() & 1;
                confidence[bin] += match.score();
            }
            return match;
        }

        List<ReliabilityBin> bins() {
            List<ReliabilityBin> bins = new ArrayList<>();
            for (int bin = 0; bin < samples.length; bin++) {
                bins.add(new ReliabilityBin(samples[bin], matched[bin], confidence[bin]));
            }
            return bins;
        }
    }

    /** The mean of each of the numbers of one variant over the labels that have one; not a number where none has. */
    static double[] means(List<CategorySummary> labels) {
        double[] means =
                new double[labels.isEmpty() ? NAMES.size() : labels.get(0).numbers().length];
        for (int number = 0; number < means.length; number++) {
            int place = number;
            means[number] = labels.stream()
                    .mapToDouble(label -> label.numbers()[place])
                    .filter(value -> !Double.isNaN(value))
                    .average()
                    .orElse(Double.NaN);
        }
        return means;
    }

    /** The mean curve over the labels that have one; empty where none has. */
    static double[] meanCurve(List<CategorySummary> labels, int curve) {
        List<double[]> curves = labels.stream()
                .filter(label -> !label.curves().isEmpty())
                .map(label -> label.curves().get(curve))
                .toList();
        double[] mean = new double[curves.isEmpty() ? 0 : PrecisionRecall.LEVEL_COUNT];
        Arrays.setAll(
                mean,
                level -> curves.stream()
                        .mapToDouble(values -> values[level])
                        .average()
                        .orElseThrow());
        return mean;
    }
}
