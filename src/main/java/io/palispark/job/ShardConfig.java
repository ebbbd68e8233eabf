package io.palispark.job;

import io.palispark.image.ImageLimits;
import io.palispark.spark.ShardFormat;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What {@code palispark shard} does; every key is documented in {@code conf/shard.conf}. */
public record ShardConfig(
        Input input,
        Size size,
        ShardFormat format,
        ImageLimits limits,
        double maximumRejectRatio,
        String output,
        String canonicalJson)
        implements Serializable {

    private static final long LARGEST_SHARD = 1L << 30;

    /** @param extensions lower-case names without a dot; empty takes every file */
    public record Input(String images, List<String> extensions) implements Serializable {}

    /** When a shard is full. */
    public record Size(long bytes, int images) implements Serializable {}

    /** Reads the effective configuration; throws a {@link ConfigException} that lists every problem. */
    public static ShardConfig read(Optional<Path> file, List<String> overrides) {
        Settings settings = Settings.of("shard", file, overrides);
        Input input = new Input(
                settings.text("input.images"),
                settings.texts("input.extensions").stream()
                        .map(extension -> extension.toLowerCase(Locale.ROOT))
                        .toList());
        Size size = new Size(
                within(settings, "shard.bytes", LARGEST_SHARD),
                settings.wholeNumber("shard.images", 1, Integer.MAX_VALUE));
        ShardFormat format = settings.choice("shard.format", ShardFormat.class);
        ImageLimits limits = new ImageLimits(settings.wholeNumber("limits.image-pixels", 1, 715_000_000), (int)
                within(settings, "limits.image-bytes", LARGEST_SHARD));
        double gate = settings.number("gates.max-reject-ratio", 0, 1);
        String output = settings.text("output.path");
        settings.throwIfAny();
        return new ShardConfig(input, size, format, limits, gate, output, settings.canonicalJson());
    }

    private static long within(Settings settings, String path, long most) {
        long bytes = settings.bytes(path);
        if (bytes < 1 || bytes > most) {
            settings.problem(path, bytes + " bytes is out of range; it must lie between 1 and " + most);
            return most;
        }
        return bytes;
    }
}
