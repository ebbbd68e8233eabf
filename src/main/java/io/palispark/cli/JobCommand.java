package io.palispark.cli;

import io.palispark.job.GateException;
import io.palispark.job.LedgerTable;
import io.palispark.job.Sessions;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * A command that runs one job: its settings are read, printed by {@code --dry-run}, or run in a session.
 *
 * @param <C> the settings
 */
abstract class JobCommand<C> implements Callable<Integer> {

    @Mixin
    private JobOptions options;

    @Spec
    private CommandSpec spec;

    abstract C read(Optional<Path> file, List<String> overrides);

    /** What {@code --dry-run} prints. */
    abstract String describe(C config);

    /** Runs the job and prints its result. */
    abstract void run(SparkSession session, C config, PrintWriter out) throws IOException;

    @Override
    public final Integer call() throws IOException {
        C config = read(options.file(), options.overrides());
        PrintWriter out = spec.commandLine().getOut();
        if (options.isDryRun()) {
            out.println(describe(config));
            return Main.Exit.DONE;
        }
        try (SparkSession session = Sessions.open(spec.qualifiedName(), options.master())) {
            run(session, config, out);
        } catch (GateException failed) {
            out.print(LedgerTable.of(failed.ledger()));
            throw failed;
        } finally {
            out.flush();
        }
        return Main.Exit.DONE;
    }
}
