package io.palispark.cli;

import io.palispark.job.DemoJob;
import io.palispark.job.LedgerTable;
import io.palispark.job.Sessions;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code palispark demo}. */
@Command(
        name = "demo",
        description =
                "Prepares and audits the bundled corpus, lets the bundled stand-in checkpoint answer it, evaluates the"
                        + " answers and makes the pages.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example:", "  jobs/palispark demo --out /tmp/palispark-demo"})
final class DemoCommand implements Callable<Integer> {

    @Mixin
    private JobOptions options;

    @Option(
            names = "--out",
            paramLabel = "FOLDER",
            description = "Where corpus, dataset and page go (default: a palispark-demo folder for temporary files).")
    private Path folder = Path.of(System.getProperty("java.io.tmpdir"), "palispark-demo");

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        if (options.isDryRun()) {
            out.println("Would prepare and answer the bundled corpus in " + folder.toAbsolutePath());
            return Main.Exit.DONE;
        }
        try (SparkSession session = Sessions.open("palispark demo", options.master())) {
            DemoJob.Result result = DemoJob.run(session, folder.toAbsolutePath(), List.copyOf(options.overrides()));
            out.print(
                    LedgerTable.of(result.prepared().ledger(), result.prepared().statistics()));
            out.println();
            out.print(result.audited().table());
            out.println();
            out.println("fingerprint " + result.prepared().fingerprint());
            out.println();
            out.print(result.generated().table());
            out.println();
            out.println(
                    "STAND-IN WEIGHTS: a tiny model of eight painted things. These numbers say nothing about PaliGemma.");
            out.println();
            out.print(result.numbers());
            out.println();
            out.println("page " + result.page());
            out.flush();
        }
        return Main.Exit.DONE;
    }
}
