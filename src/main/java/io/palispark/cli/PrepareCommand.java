package io.palispark.cli;

import io.palispark.job.LedgerTable;
import io.palispark.job.PrepareConfig;
import io.palispark.job.PrepareJob;
import io.palispark.job.PrepareResult;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;

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
final class PrepareCommand extends JobCommand<PrepareConfig> {

    @Override
    PrepareConfig read(Optional<Path> file, List<String> overrides) {
        return PrepareConfig.read(file, overrides);
    }

    @Override
    String describe(PrepareConfig config) {
        return config.canonicalJson();
    }

    @Override
    void run(SparkSession session, PrepareConfig config, PrintWriter out) throws IOException {
        PrepareResult result = PrepareJob.run(session, config);
        out.print(LedgerTable.of(result.ledger(), result.statistics()));
        out.println("encoded     " + result.encodedObjects() + " objects in this run");
        out.println("manifest    " + result.manifest());
        out.println("fingerprint " + result.fingerprint());
    }
}
