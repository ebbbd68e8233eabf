package io.palispark.cli;

import io.palispark.job.DecodeConfig;
import io.palispark.job.DecodeJob;
import io.palispark.job.DecodeResult;
import io.palispark.job.Sessions;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

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
final class DecodeCommand implements Callable<Integer> {

    @Mixin
    private JobOptions options;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        DecodeConfig config = DecodeConfig.read(options.file(), options.overrides());
        PrintWriter out = spec.commandLine().getOut();
        if (options.isDryRun()) {
            out.println(config.canonicalJson());
            return Main.Exit.DONE;
        }
        try (SparkSession session = Sessions.open("palispark decode", options.master())) {
            DecodeResult result = DecodeJob.run(session, config);
            out.print(result.table());
            out.println("manifest    " + result.manifest());
            out.println("fingerprint " + result.fingerprint());
            result.files().forEach(file -> out.println("results     " + file));
            out.flush();
        }
        return Main.Exit.DONE;
    }
}
