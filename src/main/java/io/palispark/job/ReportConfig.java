package io.palispark.job;

import io.palispark.image.ImageLimits;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What {@code palispark report} shows; every key is documented in {@code conf/report.conf}. */
public record ReportConfig(Input input, ImageLimits limits, int pictures, int pictureSide, String output)
        implements Serializable {

    /** Folders; null for those that are not given. */
    public record Input(String dataset, String predictions, String metrics, List<String> groundTruth, String images)
            implements Serializable {}

    /** Reads the effective configuration; throws a {@link ConfigException} that lists every problem. */
    public static ReportConfig read(Optional<Path> file, List<String> overrides) {
        Settings settings = Settings.of("report", file, overrides);
        List<String> groundTruth = settings.texts("input.ground-truth");
        Input input = new Input(
                given(settings, "input.dataset"),
                given(settings, "input.predictions"),
                given(settings, "input.metrics"),
                groundTruth.equals(List.of(DecodeConfig.NONE)) ? List.of() : groundTruth,
                given(settings, "input.images"));
        ImageLimits limits = new ImageLimits(settings.wholeNumber("limits.image-pixels", 1, 715_000_000), (int)
                Math.min(1L << 30, settings.bytes("limits.image-bytes")));
        int pictures = settings.wholeNumber("limits.pictures", 0, 20_000);
        int side = settings.wholeNumber("limits.picture-side", 16, 4096);
        String output = settings.text("output.path");
        settings.throwIfAny();
        return new ReportConfig(input, limits, pictures, side, output);
    }

    private static String given(Settings settings, String path) {
        String value = settings.text(path);
        return value.equals(DecodeConfig.NONE) ? null : value;
    }
}
