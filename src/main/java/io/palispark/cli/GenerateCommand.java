package io.palispark.cli;

import io.palispark.job.GenerateConfig;
import io.palispark.job.GenerateJob;
import io.palispark.job.GenerateResult;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;

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
final class GenerateCommand extends JobCommand<GenerateConfig> {

    @Override
    GenerateConfig read(Optional<Path> file, List<String> overrides) {
        return GenerateConfig.read(file, overrides);
    }

    @Override
    String describe(GenerateConfig config) {
        return config.canonicalJson();
    }

    @Override
    void run(SparkSession session, GenerateConfig config, PrintWriter out) throws IOException {
        GenerateResult result = GenerateJob.run(session, config);
        out.print(result.table());
        out.println("manifest    " + result.manifest());
        out.println("fingerprint " + result.fingerprint());
        result.files().forEach(file -> out.println("results     " + file));
    }
}
