package io.palispark.cli;

import io.palispark.job.DatasetInspection;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code palispark inspect dataset}. */
@Command(
        name = "dataset",
        description = "Reads a published folder (dataset, predictions, picture shards, evaluation) and holds every file"
                + " and sum against its manifest: a JSON line a file, a line a sum, a last line with the number of"
                + " each verdict.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Example:",
            "  jobs/palispark demo --out /tmp/palispark-demo",
            "  jobs/palispark inspect dataset /tmp/palispark-demo/dataset",
            "",
            "Exit codes: 0 everything is as named, 2 bad usage, 4 something is not; its line says what."
        })
final class InspectDatasetCommand implements Callable<Integer> {

    @Parameters(arity = "1..*", paramLabel = "PATH", description = "Folders with a manifest.json.")
    private List<String> folders;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        int exit = Main.Exit.DONE;
        for (String folder : folders) {
            exit = DatasetInspection.run(folder, out::println) ? exit : Main.Exit.UNREADABLE;
        }
        out.flush();
        return exit;
    }
}
