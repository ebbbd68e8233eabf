package io.palispark.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.palispark.job.CheckpointReport;
import io.palispark.job.WeightsFile;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code palispark weights}. */
@Command(
        name = "weights",
        description = "Fetches and checks Google's mask codec file; shows what a weights file or a checkpoint holds.",
        subcommands = {WeightsCommand.Fetch.class, WeightsCommand.Show.class},
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND")
final class WeightsCommand {

    @Command(
            name = "fetch",
            description =
                    "Brings the official vae-oid.npz to a place, checked by length and SHA-256, or changes nothing.",
            mixinStandardHelpOptions = true,
            footer = {
                "",
                "Example:",
                "  jobs/palispark weights fetch vae-oid.npz",
                "  jobs/palispark weights fetch --from file:///mirror/vae-oid.npz vae-oid.npz",
                "",
                "Exit codes: 0 in place, 2 bad usage, 4 not readable or not that file."
            })
    static final class Fetch implements Callable<Integer> {

        @Parameters(paramLabel = "FILE", description = "Where it goes.")
        private Path target;

        @Option(
                names = "--from",
                paramLabel = "URL",
                defaultValue = "https://storage.googleapis.com/big_vision/paligemma/vae-oid.npz",
                description = "An https, http or file address; default ${DEFAULT-VALUE}.")
        private URI source;

        @Spec
        private CommandSpec spec;

        @Override
        public Integer call() throws IOException {
            WeightsFile.fetch(source, target, WeightsFile.Expected.OFFICIAL);
            spec.commandLine().getOut().println(WeightsFile.describe(target));
            spec.commandLine().getOut().flush();
            return Main.Exit.DONE;
        }
    }

    @Command(
            name = "show",
            description = "A JSON line on a mask codec file (official, stand-in or unknown) or a checkpoint folder.",
            mixinStandardHelpOptions = true,
            footer = {
                "",
                "Example:",
                "  jobs/palispark weights show src/main/resources/io/palispark/standin/mask-codec.npz",
                "",
                "Exit codes: 0 it can be used, 2 bad usage, 4 it cannot; the line says why."
            })
    static final class Show implements Callable<Integer> {

        @Parameters(paramLabel = "PATH", description = "An npz file or a checkpoint folder.")
        private Path path;

        @Spec
        private CommandSpec spec;

        @Override
        public Integer call() throws IOException {
            boolean folder = Files.isDirectory(path);
            ObjectNode line = folder ? CheckpointReport.describe(path, Optional.empty()) : WeightsFile.describe(path);
            spec.commandLine().getOut().println(line);
            spec.commandLine().getOut().flush();
            boolean usable = folder
                    ? line.path("problems").isEmpty()
                    : line.path("usable").asBoolean();
            return usable ? Main.Exit.DONE : Main.Exit.UNREADABLE;
        }
    }
}
