package io.palispark.cli;

import io.palispark.job.GateException;
import io.palispark.job.LedgerTable;
import io.palispark.job.Sessions;
import io.palispark.job.ShardConfig;
import io.palispark.job.ShardJob;
import io.palispark.job.ShardResult;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

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
final class ShardCommand implements Callable<Integer> {

    @Mixin
    private JobOptions options;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        ShardConfig config = ShardConfig.read(options.file(), options.overrides());
        PrintWriter out = spec.commandLine().getOut();
        if (options.isDryRun()) {
            out.println(config.canonicalJson());
            return Main.Exit.DONE;
        }
        try (SparkSession session = Sessions.open("palispark shard", options.master())) {
            ShardResult result = ShardJob.run(session, config);
            out.print(LedgerTable.of(result.ledger()));
            out.println("shards      " + result.shards());
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
