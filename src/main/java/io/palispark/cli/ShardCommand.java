package io.palispark.cli;

import io.palispark.job.LedgerTable;
import io.palispark.job.ShardConfig;
import io.palispark.job.ShardJob;
import io.palispark.job.ShardResult;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;

/** {@code palispark shard}. */
@Command(
        name = "shard",
        description = "An image corpus in, size-bounded WebDataset tar or Parquet shards out.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Example:",
            "  jobs/palispark shard --set input.images=src/main/resources/io/palispark/demo/images \\",
            "    --set output.path=/tmp/shards",
            "",
            "Every setting is explained in conf/shard.conf.",
            "Exit codes: 0 done, 2 wrong settings, 3 a gate failed and nothing was published, 4 input unreadable."
        })
final class ShardCommand extends JobCommand<ShardConfig> {

    @Override
    ShardConfig read(Optional<Path> file, List<String> overrides) {
        return ShardConfig.read(file, overrides);
    }

    @Override
    String describe(ShardConfig config) {
        return config.canonicalJson();
    }

    @Override
    void run(SparkSession session, ShardConfig config, PrintWriter out) throws IOException {
        ShardResult result = ShardJob.run(session, config);
        out.print(LedgerTable.of(result.ledger()));
        out.println("shards      " + result.shards());
        out.println("manifest    " + result.manifest());
        out.println("fingerprint " + result.fingerprint());
    }
}
