package io.palispark.evaluation;

import java.util.List;

/**
 * Divides the log-odds of a confidence by one number (Guo et al., ICML 2017).
 *
 * @param temperature above 0; above 1 makes confidences milder
 */
public record TemperatureCalibration(double temperature) implements Calibration {

    /** Temperatures are sought from its inverse to it: where all detections are right there is no best one. */
    public static final double LIMIT = 1000;

    private static final double NEAREST = 1e-12;
    private static final int HALVINGS = 100;

    public TemperatureCalibration {
        if (!(temperature > 0)) {
            throw new IllegalArgumentException("Cannot divide log-odds by " + temperature + ": it must be above 0");
        }
    }

    /**
     * The temperature under which the detections are likeliest. The likelihood has one peak in the inverse temperature,
     * where its slope is 0.
     */
    public static TemperatureCalibration fit(List<CalibrationSample> samples) {
        if (samples.isEmpty()) {
            throw new IllegalArgumentException("Cannot fit a calibration: there is no detection to fit to");
        }
        double[] odds = samples.stream()
                .mapToDouble(sample -> logOdds(sample.confidence()))
                .toArray();
        double low = Math.log(1 / LIMIT);
        double high = Math.log(LIMIT);
        for (int halving = 0; halving < HALVINGS; halving++) {
            double middle = (low + high) / 2;
            if (slope(samples, odds, Math.exp(middle)) > 0) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return new TemperatureCalibration(Math.exp(-(low + high) / 2));
    }

    /** Slope of the log-likelihood by the inverse temperature. */
    private static double slope(List<CalibrationSample> samples, double[] odds, double inverse) {
        double slope = 0;
        for (int index = 0; index < odds.length; index++) {
            double scaled = odds[index] * inverse;
            slope += (samples.get(index).matched() ? sigmoid(-scaled) : -sigmoid(scaled)) * odds[index];
        }
        return slope;
    }

    @Override
    public double calibrated(double confidence) {
        return sigmoid(logOdds(confidence) / temperature);
    }

    private static double logOdds(double confidence) {
        double inside = Math.max(NEAREST, Math.min(1 - NEAREST, confidence));
        return Math.log(inside / (1 - inside));
    }

    private static double sigmoid(double value) {
        return 1 / (1 + Math.exp(-value));
    }
}
