package io.palispark.job;

import io.palispark.image.ImageLimits;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What {@code palispark report} shows; every key is documented in {@code conf/report.conf}. */
public record ReportConfig(Input input, ImageLimits limits, Most most, int pictureSide, String output)
        implements Serializable {

    /**
     * @param pictures in the grid
     * @param thumbnails pictures of the grid that are drawn with their pixels
     */
    public record Most(int pictures, int thumbnails) implements Serializable {}

    /** Folders; null for those that are not given. */
    public record Input(
            String dataset, String audit, String predictions, String metrics, List<String> groundTruth, String images)
            implements Serializable {}

    /** Reads the effective configuration; throws a {@link ConfigException} that lists every problem. */
    public static ReportConfig read(Optional<Path> file, List<String> overrides) {
        Settings settings = Settings.of("report", file, overrides);
        List<String> groundTruth = settings.texts("input.ground-truth");
        Input input = new Input(
                given(settings, "input.dataset"),
                given(settings, "input.audit"),
                given(settings, "input.predictions"),
                given(settings, "input.metrics"),
                groundTruth.equals(List.of(DecodeConfig.NONE)) ? List.of() : groundTruth,
                given(settings, "input.images"));
        ImageLimits limits = new ImageLimits(settings.wholeNumber("limits.image-pixels", 1, 715_000_000), (int)
                Math.min(1L << 30, settings.bytes("limits.image-bytes")));
        Most most = new Most(
                settings.wholeNumber("limits.pictures", 0, 200_000),
                settings.wholeNumber("limits.thumbnails", 0, 200_000));
        int side = settings.wholeNumber("limits.picture-side", 16, 4096);
        String output = settings.text("output.path");
        settings.throwIfAny();
        return new ReportConfig(input, limits, most, side, output);
    }

    private static String given(Settings settings, String path) {
        String value = settings.text(path);
        return value.equals(DecodeConfig.NONE) ? null : value;
    }
}
