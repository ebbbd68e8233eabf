package io.palispark.cli;

import io.palispark.job.RowsJob;
import io.palispark.job.TokensJob;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code tokens}: one pipe a subcommand, from standard input to standard output. */
@Command(
        name = "tokens",
        synopsisSubcommandLabel = "(encode | decode | parse | ids | rewrite)",
        description =
                "Codec, parser and tokenizer as a pipe: JSON Lines on standard input and output, one record each.")
public final class TokensCommand implements Runnable {

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Name one of encode, decode, parse, ids and rewrite");
    }

    @Command(
            name = "encode",
            description = "{id, height, width, segmentation, box?, label?} to suffix, codes and round-trip IoU.",
            footer = {
                "",
                "Example:",
                "  echo '{\"id\":1,\"height\":48,\"width\":64,\"label\":\"cat\",\"segmentation\":[[8,8,40,8,40,40,8,40]]}' | \\",
                "    jobs/palispark tokens encode"
            })
    int encode(@Mixin CodecOptions options) throws IOException {
        pipe().encode(Optional.ofNullable(options.weights), options.rules);
        return 0;
    }

    @Command(
            name = "decode",
            description =
                    "{id, text, height, width, prefix?} to objects with bbox in pixels, mask, label; and defects.",
            footer = {
                "",
                "Example:",
                "  echo '{\"id\":1,\"height\":48,\"width\":64,\"text\":\"<loc0170><loc0128><loc0852><loc0639> cat\"}' | \\",
                "    jobs/palispark tokens decode"
            })
    int decode(@Mixin CodecOptions options) throws IOException {
        pipe().decode(Optional.ofNullable(options.weights), options.rules);
        return 0;
    }

    @Command(
            name = "parse",
            description = "{id, text, prefix?} to objects with bins, codes, label; and defects.",
            footer = {
                "",
                "Example:",
                "  echo '{\"id\":1,\"text\":\"<loc0170><loc0128><loc0852> cat\"}' | jobs/palispark tokens parse"
            })
    int parse() throws IOException {
        pipe().parse();
        return 0;
    }

    @Command(
            name = "ids",
            description = "{id, text} to its ids, or {id, prefix} to the ids of the whole prompt about one picture.",
            footer = {"", "Example:", "  echo '{\"id\":1,\"prefix\":\"detect cat\"}' | jobs/palispark tokens ids"})
    int ids(
            @Option(
                            names = "--model",
                            paramLabel = "DIR",
                            description = "checkpoint folder; the bundled stand-in by default")
                    Path model)
            throws IOException {
        pipe().ids(Optional.ofNullable(model));
        return 0;
    }

    @Command(
            name = "rewrite",
            description =
                    "Fine-tuning rows {image, prefix, suffix} validated and written in another convention; findings go to standard error.",
            footer = {
                "",
                "Example:",
                "  jobs/palispark tokens rewrite --from bins=1024 --to bins=1023 --repair < rows.jsonl > rows-1023.jsonl"
            })
    int rewrite(
            @Option(
                            names = "--from",
                            paramLabel = "KEY=VALUE",
                            description = "a rule that the rows follow other than big_vision's; may be repeated")
                    Map<String, String> from,
            @Option(
                            names = "--to",
                            paramLabel = "KEY=VALUE",
                            description = "a rule to write by other than big_vision's; may be repeated")
                    Map<String, String> to,
            @Option(
                            names = "--repair",
                            description =
                                    "mend bare quotation marks, <loc1024>, reversed corners and a class left out where one was asked for")
                    boolean repair)
            throws IOException {
        new RowsJob(System.in, System.out, System.err)
                .rewrite(
                        from == null ? Map.of() : from,
                        to == null ? Map.of() : to,
                        repair ? RowsJob.RepairRequest.REPAIR : RowsJob.RepairRequest.REPORT);
        return 0;
    }

    private static TokensJob pipe() {
        return new TokensJob(System.in, System.out);
    }

    /** What encode and decode share. */
    static final class CodecOptions {

        @Option(
                names = "--weights",
                paramLabel = "FILE",
                description = "mask codec, vae-oid.npz; the bundled stand-in by default")
        private Path weights;

        @Option(
                names = "--convention",
                paramLabel = "KEY=VALUE",
                description = "a rule other than big_vision's, such as bins=1024 or paste=rounded; may be repeated")
        private final Map<String, String> rules = new LinkedHashMap<>();
    }
}
