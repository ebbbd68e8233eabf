package io.palispark.job;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.palispark.dataset.StableHash;
import io.palispark.evaluation.Calibration;
import io.palispark.evaluation.CalibrationSample;
import io.palispark.evaluation.ImageMatches;
import io.palispark.evaluation.IsotonicCalibration;
import io.palispark.evaluation.Reliability;
import io.palispark.evaluation.TemperatureCalibration;
import io.palispark.job.EvaluateConfig.CalibrationFit;
import io.palispark.job.EvaluateConfig.CalibrationKind;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaRDD;

/**
 * Fits a calibration on some images and measures it on all others. Which images those are follows from their ids and the
 * seed, so partitions change nothing. The detections come to the driver, 32 bytes each.
 */
final class CalibrationFitting {

    private final CalibrationFit settings;
    private final int bins;

    CalibrationFitting(EvaluateConfig config) {
        this.settings = config.calibration();
        this.bins = config.metrics().calibrationBins();
    }

    /** The detections of one image and whether the map is fitted on them. */
    record Sampled(long image, boolean isFittedOn, List<CalibrationSample> samples) implements Serializable {

        static Sampled of(ImageOutcome outcome, CalibrationFit settings) {
            List<CalibrationSample> samples = new ArrayList<>();
            Map<String, ImageMatches> labels = outcome.matches().getOrDefault(DetectionVariant.BOX, new TreeMap<>());
            labels.values()
                    .forEach(label -> label.detections().stream()
                            .filter(CategorySummary::hasConfidence)
                            .forEach(match -> samples.add(
                                    new CalibrationSample(match.score(), (match.matched() & 1) != 0, List.of()))));
            double place = StableHash.unit("calibration", Long.toString(settings.seed()), outcome.id());
            return new Sampled(outcome.image(), place < settings.share(), samples);
        }
    }

    /** Images and detections of one side of the division. */
    private static final class Side {

        private final List<CalibrationSample> samples = new ArrayList<>();
        private long images;

        void add(Sampled image) {
            images++;
            samples.addAll(image.samples());
        }

        void describe(ObjectNode node) {
            node.put("images", images).put("detections", samples.size());
        }
    }

    /**
     * What {@code calibration.fit} of metrics.json holds: both sides of the division, the map, and the errors on the
     * images held out before and after it. Without detections on either side there is no map. Empty where none was asked
     * for.
     */
    Optional<ObjectNode> fit(JavaRDD<EvaluatedPart> parts) {
        if (settings.kind() == CalibrationKind.NONE) {
            return Optional.empty();
        }
        Side fittedOn = new Side();
        Side heldOut = new Side();
        parts.flatMap(part -> part.samples().iterator()).collect().stream()
                .sorted(Comparator.comparingLong(Sampled::image))
                .forEach(image -> (image.isFittedOn() ? fittedOn : heldOut).add(image));
        ObjectNode node = new ObjectMapper().createObjectNode();
        node.put("kind", Settings.spelling(settings.kind()));
        node.put("share", settings.share()).put("seed", settings.seed());
        fittedOn.describe(node.putObject("fitted_on"));
        heldOut.describe(node.putObject("held_out"));
        if (!fittedOn.samples.isEmpty() && !heldOut.samples.isEmpty()) {
            measure(node, calibration(fittedOn.samples), heldOut.samples);
        }
        return Optional.of(node);
    }

    private Calibration calibration(List<CalibrationSample> samples) {
        return switch (settings.kind()) {
            case ISOTONIC -> IsotonicCalibration.fit(samples);
            case TEMPERATURE -> TemperatureCalibration.fit(samples);
            case NONE -> throw new IllegalStateException("Cannot fit a calibration: none was asked for");
        };
    }

    private void measure(ObjectNode node, Calibration calibration, List<CalibrationSample> samples) {
        describe(node.putObject("map"), calibration);
        List<CalibrationSample> mapped = samples.stream()
                .map(sample -> new CalibrationSample(
                        calibration.calibrated(sample.confidence()), sample.matched(), sample.position()))
                .toList();
        MetricsDocument.putReliability(node.putObject("before"), Reliability.of(List.of(bins), samples));
        MetricsDocument.putReliability(node.putObject("after"), Reliability.of(List.of(bins), mapped));
    }

    /** All that applying the map needs. */
    private static void describe(ObjectNode node, Calibration calibration) {
        if (calibration instanceof IsotonicCalibration isotonic) {
            isotonic.confidences().forEach(node.putArray("confidences")::add);
            isotonic.precisions().forEach(node.putArray("precisions")::add);
        } else if (calibration instanceof TemperatureCalibration temperature) {
            node.put("temperature", temperature.temperature());
        }
    }
}
