package io.palispark.cli;

import io.palispark.job.AuditConfig;
import io.palispark.job.AuditJob;
import io.palispark.job.AuditResult;
import io.palispark.job.Sessions;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

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
final class AuditCommand implements Callable<Integer> {

    @Mixin
    private JobOptions options;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        AuditConfig config = AuditConfig.read(options.file(), options.overrides());
        PrintWriter out = spec.commandLine().getOut();
        if (options.isDryRun()) {
            out.println("Would audit " + config.annotations() + " into " + config.output());
            return Main.Exit.DONE;
        }
        try (SparkSession session = Sessions.open("palispark audit", options.master())) {
            AuditResult result = AuditJob.run(session, config);
            out.print(result.table());
            out.println("page " + result.page());
            out.flush();
        }
        return Main.Exit.DONE;
    }
}
