package io.palispark.cli;

import io.palispark.job.GenerateConfig;
import io.palispark.job.GenerateJob;
import io.palispark.job.GenerateResult;
import io.palispark.job.Sessions;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code palispark generate}. */
@Command(
        name = "generate",
        description = "Pictures and prompts through a PaliGemma checkpoint, one prediction line for each.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Example:",
            "  jobs/palispark generate --set input.images=src/main/resources/io/palispark/demo/images \\",
            "    --set 'prompt.texts=[\"detect apple ; fish ; star\"]' --set output.path=/tmp/predictions",
            "",
            "Every setting is explained in conf/generate.conf.",
            "Exit codes: 0 done, 2 wrong settings, 3 a gate failed and nothing was published, 4 input unreadable."
        })
final class GenerateCommand implements Callable<Integer> {

    @Mixin
    private JobOptions options;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        GenerateConfig config = GenerateConfig.read(options.file(), options.overrides());
        PrintWriter out = spec.commandLine().getOut();
        if (options.isDryRun()) {
            out.println(config.canonicalJson());
            return Main.Exit.DONE;
        }
        try (SparkSession session = Sessions.open("palispark generate", options.master())) {
            GenerateResult result = GenerateJob.run(session, config);
            out.print(result.table());
            out.println("manifest    " + result.manifest());
            out.println("fingerprint " + result.fingerprint());
            out.flush();
            return Main.Exit.DONE;
        }
    }
}
