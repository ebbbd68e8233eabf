package io.palispark.cli;

import io.palispark.job.EvaluateConfig;
import io.palispark.job.EvaluateJob;
import io.palispark.job.EvaluateResult;
import io.palispark.job.Sessions;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code palispark evaluate}. */
@Command(
        name = "evaluate",
        description = "Predictions or COCO results against ground truth: every metric of the field in one file.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Example:",
            "  jobs/palispark evaluate --set input.predictions=/tmp/predictions --set output.path=/tmp/metrics \\",
            "    --set input.ground-truth=src/main/resources/io/palispark/demo/annotations",
            "",
            "Every setting is explained in conf/evaluate.conf."
        })
final class EvaluateCommand implements Callable<Integer> {

    @Mixin
    private JobOptions options;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        EvaluateConfig config = EvaluateConfig.read(options.file(), options.overrides());
        PrintWriter out = spec.commandLine().getOut();
        if (options.isDryRun()) {
            out.println(config.canonicalJson());
            return Main.Exit.DONE;
        }
        try (SparkSession session = Sessions.open("palispark evaluate", options.master())) {
            EvaluateResult result = EvaluateJob.run(session, config);
            out.print(result.table());
            out.println("metrics " + result.path());
            out.flush();
        }
        return Main.Exit.DONE;
    }
}
