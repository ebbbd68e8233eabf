package io.palispark.cli;

import io.palispark.job.DecodeConfig;
import io.palispark.job.DecodeJob;
import io.palispark.job.DecodeResult;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;

/** {@code palispark decode}. */
@Command(
        name = "decode",
        description = "Text that a model wrote, of any tool, to boxes, masks and defects.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Example:",
            "  echo '{\"image\":\"a.jpg\",\"prefix\":\"detect cat\",\"text\":\"<loc0100><loc0200><loc0900><loc0800> cat\",'\\",
            "    '\"width\":640,\"height\":480}' > /tmp/answers.jsonl",
            "  jobs/palispark decode --set input.path=/tmp/answers.jsonl --set output.path=/tmp/predictions",
            "",
            "Every setting is explained in conf/decode.conf.",
            "Exit codes: 0 done, 2 wrong settings, 3 a gate failed and nothing was published, 4 input unreadable."
        })
final class DecodeCommand extends JobCommand<DecodeConfig> {

    @Override
    DecodeConfig read(Optional<Path> file, List<String> overrides) {
        return DecodeConfig.read(file, overrides);
    }

    @Override
    String describe(DecodeConfig config) {
        return config.canonicalJson();
    }

    @Override
    void run(SparkSession session, DecodeConfig config, PrintWriter out) throws IOException {
        DecodeResult result = DecodeJob.run(session, config);
        out.print(result.table());
        out.println("manifest    " + result.manifest());
        out.println("fingerprint " + result.fingerprint());
        result.files().forEach(file -> out.println("results     " + file));
    }
}
