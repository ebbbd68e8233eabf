package io.palispark.cli;

import io.palispark.job.GateException;
import io.palispark.job.LedgerTable;
import io.palispark.job.PrepareConfig;
import io.palispark.job.PrepareJob;
import io.palispark.job.PrepareResult;
import io.palispark.job.Sessions;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code palispark prepare}. */
@Command(
        name = "prepare",
        description = "Annotations and images in, split fine-tuning JSON Lines, rejects and a manifest out.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Example:",
            "  jobs/palispark prepare --set input.annotations=src/main/resources/io/palispark/demo/annotations/instances.json \\",
            "    --set input.images=src/main/resources/io/palispark/demo/images --set output.path=/tmp/rows",
            "",
            "Every setting is explained in conf/prepare.conf.",
            "Exit codes: 0 done, 2 wrong settings, 3 a gate failed and nothing was published, 4 input unreadable."
        })
final class PrepareCommand implements Callable<Integer> {

    @Mixin
    private JobOptions options;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        PrepareConfig config = PrepareConfig.read(options.file(), options.overrides());
        PrintWriter out = spec.commandLine().getOut();
        if (options.isDryRun()) {
            out.println(config.canonicalJson());
            return Main.Exit.DONE;
        }
        try (SparkSession session = Sessions.open("palispark prepare", options.master())) {
            PrepareResult result = PrepareJob.run(session, config);
            out.print(LedgerTable.of(result.ledger(), result.statistics()));
            out.println("manifest    " + result.manifest());
            out.println("fingerprint " + result.fingerprint());
            out.flush();
            return Main.Exit.DONE;
        } catch (GateException failed) {
            out.print(LedgerTable.of(failed.ledger()));
            out.flush();
            throw failed;
        }
    }
}
