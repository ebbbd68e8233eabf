package io.palispark.job;

import io.palispark.dataset.LabelMap;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What {@code palispark evaluate} does; every key is documented in {@code conf/evaluate.conf}. */
public record EvaluateConfig(
        String predictions,
        List<String> groundTruth,
        LabelMap labels,
        Images images,
        Metrics metrics,
        CalibrationFit calibration,
        String weights,
        String output,
        String canonicalJson)
        implements Serializable {

    /** Which images count for boxes and masks. */
    public enum Images {
        ALL,
        REQUESTED
    }

    /** What is measured beyond what always is. */
    public record Metrics(boolean boundary, boolean referring, boolean codecCeiling, int calibrationBins)
            implements Serializable {}

    /** What maps raw scores to how often they are right. */
    public enum CalibrationKind {
        NONE,
        ISOTONIC,
        TEMPERATURE
    }

    /**
     * The map that is fitted, and on which images.
     *
     * @param share of the images that are fitted on, above 0 and below 1; errors are measured on all others
     * @param seed another one draws other images
     */
    public record CalibrationFit(CalibrationKind kind, double share, long seed) implements Serializable {}

    /** Reads the effective configuration; throws a {@link ConfigException} that lists every problem. */
    public static EvaluateConfig read(Optional<Path> file, List<String> overrides) {
        Settings settings = Settings.of("evaluate", file, overrides);
        EvaluateConfig config = new EvaluateConfig(
                settings.text("input.predictions"),
                settings.texts("input.ground-truth"),
                LabelRules.map(settings, "input.labels-map"),
                settings.choice("input.images", Images.class),
                new Metrics(
                        settings.flag("metrics.boundary"),
                        settings.flag("metrics.referring"),
                        settings.flag("metrics.codec-ceiling"),
                        settings.wholeNumber("metrics.calibration-bins", 2, 100)),
                new CalibrationFit(
                        settings.choice("calibration.fit", CalibrationKind.class),
                        settings.number("calibration.share", 0.01, 0.99),
                        settings.longNumber("calibration.seed")),
                settings.text("codec.weights"),
                settings.text("output.path"),
                settings.canonicalJson());
        settings.throwIfAny();
        return config;
    }
}
