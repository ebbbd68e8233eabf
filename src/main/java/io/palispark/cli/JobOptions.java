package io.palispark.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options that every job has. */
final class JobOptions {

    @Option(names = "--config", paramLabel = "FILE", description = "Settings that differ from the commented default.")
    private Path file;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "One setting; wins over the file. May be given several times.")
    private List<String> overrides = new ArrayList<>();

    @Option(
            names = "--master",
            paramLabel = "URL",
            description = "Spark master; as spark-submit or local[*] decide when left out.")
    private String master;

    @Option(names = "--dry-run", description = "Check the settings and print them; run nothing.")
    private boolean dryRun;

    Optional<Path> file() {
        return Optional.ofNullable(file);
    }

    List<String> overrides() {
        return overrides;
    }

    Optional<String> master() {
        return Optional.ofNullable(master);
    }

    boolean isDryRun() {
        return dryRun;
    }
}
