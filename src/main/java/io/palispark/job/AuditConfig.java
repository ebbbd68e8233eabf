package io.palispark.job;

import io.palispark.annotation.ReadLimits;
import io.palispark.token.Convention;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What {@code palispark audit} measures; every key is documented in {@code conf/audit.conf}. */
public record AuditConfig(
        List<String> annotations,
        String format,
        PrepareConfig.Codec codec,
        Convention convention,
        ReadLimits limits,
        String output,
        long shardBytes,
        int reportPictures)
        implements Serializable {

    /** Reads the effective configuration; throws a {@link ConfigException} that lists every problem. */
    public static AuditConfig read(Optional<Path> file, List<String> overrides) {
        Settings settings = Settings.of("audit", file, overrides);
        PrepareConfig.Codec codec = new PrepareConfig.Codec(
                settings.text("codec.weights"),
                settings.flag("codec.refined") ? PrepareConfig.Codes.REFINED : PrepareConfig.Codes.ENCODER,
                0,
                PrepareConfig.BelowMinimum.KEEP,
                64);
        Convention.Reading convention = Convention.BIG_VISION.with(settings.section("convention"));
        convention.problems().forEach(problem -> settings.problem("convention", problem));
        AuditConfig config = new AuditConfig(
                settings.texts("input.annotations"),
                SourceSettings.format(settings, "input.format"),
                codec,
                convention.convention(),
                ReadLimits.DEFAULT.withPolygonVertices(
                        settings.wholeNumber("limits.polygon-vertices", 3, Integer.MAX_VALUE)),
                settings.text("output.path"),
                Math.max(1, settings.bytes("output.shard-bytes")),
                settings.wholeNumber("output.report-pictures", 0, 1000));
        settings.throwIfAny();
        return config;
    }
}
