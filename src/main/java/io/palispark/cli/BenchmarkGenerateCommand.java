package io.palispark.cli;

import io.palispark.job.GenerateBenchmark;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code palispark benchmark generate}. */
@Command(
        name = "generate",
        description = "Load time, and tokens a second of prompts and answers, of a checkpoint on this machine.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Example:",
            "  jobs/palispark benchmark generate --batch 1,16 --new-tokens 32 --set model.precision=int8",
            "  jobs/palispark benchmark generate --batch 64 --set model.device=cuda --set model.precision=bfloat16",
            "",
            "Large models need PALISPARK_JAVA_OPTIONS='-Xmx4g -XX:MaxDirectMemorySize=8g'."
        })
final class BenchmarkGenerateCommand implements Callable<Integer> {

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "A model setting of conf/generate.conf. May be given several times.")
    private List<String> settings = new ArrayList<>();

    @Option(names = "--batch", split = ",", paramLabel = "N", description = "Batch sizes (1,4,16).")
    private List<Integer> batches = List.of(1, 4, 16);

    @Option(names = "--new-tokens", paramLabel = "N", description = "Tokens that each row writes (${DEFAULT-VALUE}).")
    private int newTokens = 64;

    @Option(
            names = "--logits",
            paramLabel = "FILE",
            description =
                    "Write the logits of a first token there, float32, for src/test/python/benchmark_generate.py.")
    private Path logits;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        GenerateBenchmark.Result result = GenerateBenchmark.run(settings, batches, newTokens);
        out.printf("reading the files, s  %10.1f%n", result.readSeconds());
        out.printf("loading the model, s  %10.1f%n", result.loadSeconds());
        out.printf("peak memory, GB       %10.1f%n", result.peakBytes() / 1e9);
        out.printf("  without files, GB   %10.1f%n", result.ownBytes() / 1e9);
        out.printf(
                "%n%6s %10s %14s %14s %16s%n", "batch", "vision, s", "prefill tok/s", "decode tok/s", "prompt+text, s");
        for (GenerateBenchmark.Speed speed : result.speeds()) {
            out.printf(
                    "%6d %10.2f %14.1f %14.2f %16.2f%n",
                    speed.batch(),
                    speed.visionSeconds(),
                    speed.prefillTokensPerSecond(),
                    speed.decodeTokensPerSecond(),
                    speed.totalSeconds());
        }
        out.flush();
        if (logits != null) {
            Files.write(logits, bytes(result.speeds().get(0).logits()));
        }
        return Main.Exit.DONE;
    }

    private static byte[] bytes(float[] values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return bytes.array();
    }
}
