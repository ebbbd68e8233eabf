package io.palispark.cli;

import io.palispark.job.CodecBenchmark;
import io.palispark.job.Sessions;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code palispark benchmark codec}. */
@Command(
        name = "codec",
        description =
                "Masks a second of prepare and decode, from committed input to committed output, held against the bare mask codec.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example:", "  jobs/palispark benchmark codec --objects 36000"})
final class BenchmarkCodecCommand implements Callable<Integer> {

    @Option(names = "--objects", paramLabel = "N", description = "Objects of the made dataset (${DEFAULT-VALUE}).")
    private int objects = 65_536;

    @Option(names = "--rounds", paramLabel = "N", description = "Counted runs; the median is shown (${DEFAULT-VALUE}).")
    private int rounds = 2;

    @Option(names = "--master", paramLabel = "URL", description = "Spark master (default: local[*]).")
    private String master;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        Path folder = Files.createTempDirectory("palispark-benchmark");
        try (SparkSession session = Sessions.open("palispark benchmark codec", Optional.ofNullable(master))) {
            CodecBenchmark.Result result = CodecBenchmark.run(session, folder, objects, rounds);
            out.print(result.table());
            out.println("made in " + folder);
            out.flush();
        }
        return Main.Exit.DONE;
    }
}
