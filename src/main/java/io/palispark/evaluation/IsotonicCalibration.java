package io.palispark.evaluation;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;

/**
 * The rising map that is closest in squares to what was found (pool adjacent violators, Barlow et al., 1972), straight
 * between the confidences seen and level beyond them.
 *
 * @param confidences ascending, no two equal
 * @param precisions calibrated value at each, ascending
 */
public record IsotonicCalibration(List<Double> confidences, List<Double> precisions) implements Calibration {

    public IsotonicCalibration {
        confidences = List.copyOf(confidences);
        precisions = List.copyOf(precisions);
    }

    /** A run of confidences that share one value. */
    private record Block(double first, double last, double matched, long samples) {

        double value() {
            return matched / samples;
        }

        Block with(Block next) {
            return new Block(first, next.last, matched + next.matched, samples + next.samples);
        }
    }

    /** Fits the map to at least one detection. */
    public static IsotonicCalibration fit(List<CalibrationSample> samples) {
        if (samples.isEmpty()) {
            throw new IllegalArgumentException("Cannot fit a calibration: there is no detection to fit to");
        }
        List<Double> confidences = new ArrayList<>();
        List<Double> precisions = new ArrayList<>();
        for (Block block : pooled(distinct(samples))) {
            confidences.add(block.first());
            precisions.add(block.value());
            if (block.last() > block.first()) {
                confidences.add(block.last());
                precisions.add(block.value());
            }
        }
        return new IsotonicCalibration(confidences, precisions);
    }

    private static List<Block> distinct(List<CalibrationSample> samples) {
        List<Block> blocks = new ArrayList<>();
        samples.stream()
                .sorted(Comparator.comparingDouble(CalibrationSample::confidence))
                .forEach(sample -> {
                    double confidence = sample.confidence();
                    Block single = new Block(confidence, confidence, sample.matched() ? 1 : 0, 1);
                    int last = blocks.size() - 1;
                    if (last >= 0 && blocks.get(last).last() == confidence) {
                        blocks.set(last, blocks.get(last).with(single));
                    } else {
                        blocks.add(single);
                    }
                });
        return blocks;
    }

    private static List<Block> pooled(List<Block> blocks) {
        List<Block> pooled = new ArrayList<>();
        for (Block next : blocks) {
            Block block = next;
            while (!pooled.isEmpty() && pooled.get(pooled.size() - 1).value() >= block.value()) {
                block = pooled.remove(pooled.size() - 1).with(block);
            }
            pooled.add(block);
        }
        return pooled;
    }

    @Override
    public double calibrated(double confidence) {
        int found = Collections.binarySearch(confidences, confidence);
        int above = found >= 0 ? found : -found - 1;
        if (above == 0 || above == confidences.size()) {
            return precisions.get(Math.min(above, confidences.size() - 1));
        }
        double from = confidences.get(above - 1);
        double share = (confidence - from) / (confidences.get(above) - from);
        return precisions.get(above - 1) + share * (precisions.get(above) - precisions.get(above - 1));
    }
}
