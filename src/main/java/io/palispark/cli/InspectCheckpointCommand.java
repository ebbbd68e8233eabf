package io.palispark.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.palispark.job.CheckpointReport;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code palispark inspect checkpoint}. */
@Command(
        name = "checkpoint",
        description =
                "What Palispark sees in PaliGemma checkpoint folders: one JSON line a folder, in the given order.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Example:",
            "  jobs/palispark inspect checkpoint src/main/resources/io/palispark/standin/paligemma",
            "",
            "Exit codes: 0 every folder can be used, 2 bad usage, 4 one cannot; its line says why."
        })
final class InspectCheckpointCommand implements Callable<Integer> {

    @Parameters(arity = "1..*", paramLabel = "DIR", description = "Checkpoint folders in the Hugging Face layout.")
    private List<Path> folders;

    @Option(names = "--adapter", paramLabel = "DIR", description = "A PEFT folder to merge into each.")
    private Path adapter;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        int exit = Main.Exit.DONE;
        for (Path folder : folders) {
            ObjectNode report = CheckpointReport.describe(folder, Optional.ofNullable(adapter));
            spec.commandLine().getOut().println(report);
            exit = report.path("problems").isEmpty() ? exit : Main.Exit.UNREADABLE;
        }
        spec.commandLine().getOut().flush();
        return exit;
    }
}
