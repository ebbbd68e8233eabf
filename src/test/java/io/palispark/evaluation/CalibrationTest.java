package io.palispark.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CalibrationTest {

    @Test
    void errorsAreThoseOfNetcalAndAddUpFromParts() {
        for (JsonNode row : Goldens.lines("calibration/cases.jsonl.gz")) {
            List<CalibrationSample> samples = samples(row);
            List<Integer> cuts = row.get("bins").isArray()
                    ? CocoCase.list(row.get("bins")).stream()
                            .map(JsonNode::asInt)
                            .toList()
                    : List.of(row.get("bins").asInt());
            int least = row.get("sample_threshold").asInt();
            Reliability reliability = Reliability.of(cuts, samples.subList(0, 50))
                    .plus(Reliability.of(cuts, samples.subList(50, samples.size())));
            JsonNode expected = row.get("expected");
            assertThat(reliability.expectedError(least).getAsDouble())
                    .isCloseTo(expected.get("D-ECE").asDouble(), within(1e-9));
            assertThat(reliability.averageError(least).getAsDouble())
                    .isCloseTo(expected.get("D-ACE").asDouble(), within(1e-9));
            assertThat(reliability.maximumError(least).getAsDouble())
                    .isCloseTo(expected.get("D-MCE").asDouble(), within(1e-9));
            assertThat(reliability.curve().stream()
                            .mapToLong(ReliabilityBin::samples)
                            .sum())
                    .isEqualTo(samples.size());
        }
    }

    @Test
    void theEdgesOfBinsBelongToTheUpperOneAndOneToTheLast() {
        Reliability reliability =
                Reliability.of(List.of(2), List.of(sample(0.5, true), sample(1, true), sample(0, false)));
        assertThat(reliability.curve()).containsExactly(new ReliabilityBin(1, 0, 0), new ReliabilityBin(2, 2, 1.5));
        assertThat(Reliability.of(List.of(2), List.of()).expectedError(1)).isEmpty();
    }

    @Test
    void isotonicFittingPoolsWhatFallsAndIsStraightBetween() {
        IsotonicCalibration map = IsotonicCalibration.fit(
                List.of(sample(0.2, false), sample(0.4, true), sample(0.6, false), sample(0.8, true)));
        assertThat(map.confidences()).containsExactly(0.2, 0.4, 0.6, 0.8);
        assertThat(map.precisions()).containsExactly(0.0, 0.5, 0.5, 1.0);
        assertThat(map.calibrated(0.5)).isEqualTo(0.5);
        assertThat(map.calibrated(0.3)).isCloseTo(0.25, within(1e-12));
        assertThat(map.calibrated(0)).isEqualTo(0);
        assertThat(map.calibrated(1)).isEqualTo(1);
    }

    @Test
    void fittedMapsLowerTheErrorOfOverconfidentDetectionsTheyHaveNotSeen() {
        Random random = new Random(5);
        List<CalibrationSample> fitted = overconfident(4000, random);
        List<CalibrationSample> reported = overconfident(4000, random);
        TemperatureCalibration temperature = TemperatureCalibration.fit(fitted);
        assertThat(temperature.temperature()).isCloseTo(3, within(0.3));
        double before = error(reported);
        assertThat(error(calibrated(reported, temperature))).isLessThan(before / 4);
        assertThat(error(calibrated(reported, IsotonicCalibration.fit(fitted)))).isLessThan(before / 4);
    }

    @Test
    void whatCannotBeFittedOrBinnedIsRefused() {
        assertThatThrownBy(() -> IsotonicCalibration.fit(List.of())).hasMessageContaining("no detection");
        assertThatThrownBy(() -> TemperatureCalibration.fit(List.of())).hasMessageContaining("no detection");
        assertThatThrownBy(() -> sample(1.2, true)).hasMessageContaining("1.2");
        assertThatThrownBy(() -> Reliability.of(List.of(2, 2), List.of(sample(0.1, true))))
                .hasMessageContaining("features");
        assertThat(TemperatureCalibration.fit(List.of(sample(0.9, true))).temperature())
                .isBetween(1 / TemperatureCalibration.LIMIT, 0.01);
    }

    private static double error(List<CalibrationSample> samples) {
        return Reliability.of(List.of(10), samples).expectedError(1).getAsDouble();
    }

    private static List<CalibrationSample> calibrated(List<CalibrationSample> samples, Calibration calibration) {
        return samples.stream()
                .map(sample -> sample(calibration.calibrated(sample.confidence()), sample.matched()))
                .toList();
    }

    /** Log-odds three times too large. */
    private static List<CalibrationSample> overconfident(int count, Random random) {
        List<CalibrationSample> samples = new ArrayList<>();
        for (int index = 0; index < count; index++) {
            double odds = random.nextGaussian();
            boolean matched = random.nextDouble() < 1 / (1 + Math.exp(-odds));
            samples.add(sample(1 / (1 + Math.exp(-3 * odds)), matched));
        }
        return samples;
    }

    private static List<CalibrationSample> samples(JsonNode row) {
        List<CalibrationSample> samples = new ArrayList<>();
        for (int index = 0; index < row.get("features").size(); index++) {
            List<Double> features = new ArrayList<>();
            JsonNode feature = row.get("features").get(index);
            (feature.isArray() ? CocoCase.list(feature) : List.of(feature))
                    .forEach(value -> features.add(value.asDouble()));
            boolean matched = row.get("matched").get(index).asInt() == 1
                    || row.get("matched").get(index).asBoolean();
            samples.add(new CalibrationSample(features.get(0), matched, features.subList(1, features.size())));
        }
        return samples;
    }

    private static CalibrationSample sample(double confidence, boolean matched) {
        return new CalibrationSample(confidence, matched, List.of());
    }
}
