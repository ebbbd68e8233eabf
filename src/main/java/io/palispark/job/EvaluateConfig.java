package io.palispark.job;

import java.io.Serializable;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What {@code palispark evaluate} does; every key is documented in {@code conf/evaluate.conf}. */
public record EvaluateConfig(
        String predictions,
        List<String> groundTruth,
        Images images,
        Metrics metrics,
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

    /** Reads the effective configuration; throws a {@link ConfigException} that lists every problem. */
    public static EvaluateConfig read(Optional<Path> file, List<String> overrides) {
        Settings settings = Settings.of("evaluate", file, overrides);
        EvaluateConfig config = new EvaluateConfig(
                settings.text("input.predictions"),
                settings.texts("input.ground-truth"),
                settings.choice("input.images", Images.class),
                new Metrics(
                        settings.flag("metrics.boundary"),
                        settings.flag("metrics.referring"),
                        settings.flag("metrics.codec-ceiling"),
                        settings.wholeNumber("metrics.calibration-bins", 2, 100)),
                settings.text("codec.weights"),
                settings.text("output.path"),
                settings.canonicalJson());
        settings.throwIfAny();
        return config;
    }
}
