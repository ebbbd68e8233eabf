package io.palispark.cli;

import io.palispark.job.ReportConfig;
import io.palispark.job.ReportJob;
import io.palispark.job.Sessions;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code palispark report}. */
@Command(
        name = "report",
        description = "Dataset, predictions and metrics as pages that open from disk.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Example:",
            "  jobs/palispark report --set input.predictions=/tmp/predictions --set input.metrics=/tmp/metrics \\",
            "    --set input.ground-truth=src/main/resources/io/palispark/demo/annotations/instances.json \\",
            "    --set input.images=src/main/resources/io/palispark/demo/images --set output.path=/tmp/report",
            "",
            "Every setting is explained in conf/report.conf."
        })
final class ReportCommand implements Callable<Integer> {

    @Mixin
    private JobOptions options;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        ReportConfig config = ReportConfig.read(options.file(), options.overrides());
        PrintWriter out = spec.commandLine().getOut();
        if (options.isDryRun()) {
            out.println("Would write pages into " + config.output());
            return Main.Exit.DONE;
        }
        try (SparkSession session = Sessions.open("palispark report", options.master())) {
            out.println("page " + ReportJob.run(session, config));
            out.flush();
        }
        return Main.Exit.DONE;
    }
}
