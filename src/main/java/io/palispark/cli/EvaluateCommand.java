package io.palispark.cli;

import io.palispark.job.EvaluateConfig;
import io.palispark.job.EvaluateJob;
import io.palispark.job.EvaluateResult;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;

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
final class EvaluateCommand extends JobCommand<EvaluateConfig> {

    @Override
    EvaluateConfig read(Optional<Path> file, List<String> overrides) {
        return EvaluateConfig.read(file, overrides);
    }

    @Override
    String describe(EvaluateConfig config) {
        return config.canonicalJson();
    }

    @Override
    void run(SparkSession session, EvaluateConfig config, PrintWriter out) throws IOException {
        EvaluateResult result = EvaluateJob.run(session, config);
        out.print(result.table());
        out.println("metrics " + result.path());
    }
}
