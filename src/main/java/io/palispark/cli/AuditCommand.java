package io.palispark.cli;

import io.palispark.job.AuditConfig;
import io.palispark.job.AuditJob;
import io.palispark.job.AuditResult;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;

/** {@code palispark audit}. */
@Command(
        name = "audit",
        description = "Measures what the box bins and the mask codec destroy, per object and in sum.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Example:",
            "  jobs/palispark audit --set input.annotations=src/main/resources/io/palispark/demo/annotations/instances.json \\",
            "    --set output.path=/tmp/audit",
            "",
            "Every setting is explained in conf/audit.conf."
        })
final class AuditCommand extends JobCommand<AuditConfig> {

    @Override
    AuditConfig read(Optional<Path> file, List<String> overrides) {
        return AuditConfig.read(file, overrides);
    }

    @Override
    String describe(AuditConfig config) {
        return "Would audit " + config.annotations() + " into " + config.output();
    }

    @Override
    void run(SparkSession session, AuditConfig config, PrintWriter out) throws IOException {
        AuditResult result = AuditJob.run(session, config);
        out.print(result.table());
        out.println("page " + result.page());
    }
}
