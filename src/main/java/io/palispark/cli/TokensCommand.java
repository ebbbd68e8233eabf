package io.palispark.cli;

import io.palispark.job.RecordPipe;
import io.palispark.job.RecordStep;
import io.palispark.job.TokenDecoding;
import io.palispark.job.TokenIds;
import io.palispark.job.TokenParsing;
import io.palispark.paligemma.PaliGemmaProcessor;
import io.palispark.token.Convention;
import io.palispark.vqvae.MaskCodec;
import io.palispark.vqvae.MaskCodecWeights;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Codec, parser and tokenizer as pipes from standard input to standard output; needs no Spark. */
@Command(
        name = "tokens",
        synopsisSubcommandLabel = "(encode | decode | parse | ids)",
        description =
                "Codec, parser and tokenizer as a pipe: JSON Lines on standard input and output, one record each.")
public final class TokensCommand implements Runnable {

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Name one of encode, decode, parse and ids");
    }

    @Command(
            name = "decode",
            description =
                    "{id, text, height, width, prefix?} to objects with bbox in pixels, mask and label, and defects.")
    int decode(
            @Option(
                            names = "--weights",
                            paramLabel = "FILE",
                            description = "mask codec, vae-oid.npz; the bundled stand-in by default")
                    Path weights,
            @Option(
                            names = "--convention",
                            paramLabel = "KEY=VALUE",
                            description = "a rule other than big_vision's, such as bins=1024 or paste=rounded")
                    Map<String, String> rules)
            throws IOException {
        Convention convention = convention(rules);
        return pipe(new TokenDecoding(codec(weights), convention));
    }

    @Command(name = "parse", description = "{id, text, prefix?} to objects with bins, codes and label, and defects.")
    int parse() throws IOException {
        return pipe(new TokenParsing());
    }

    @Command(
            name = "ids",
            description = "{id, text} to its ids, or {id, prefix} to the ids of the whole prompt about one picture.")
    int ids(
            @Option(
                            names = "--model",
                            paramLabel = "DIR",
                            description = "checkpoint folder; the bundled stand-in by default")
                    Path model)
            throws IOException {
        try (PaliGemmaProcessor processor =
                model == null ? PaliGemmaProcessor.standIn() : PaliGemmaProcessor.load(model)) {
            return pipe(new TokenIds(processor));
        }
    }

    private static int pipe(RecordStep step) throws IOException {
        RecordPipe.run(step, System.in, System.out);
        return 0;
    }

    private Convention convention(Map<String, String> rules) {
        Convention.Reading reading = Convention.BIG_VISION.with(rules == null ? Map.of() : new LinkedHashMap<>(rules));
        if (!reading.problems().isEmpty()) {
            throw new ParameterException(spec.commandLine(), String.join(System.lineSeparator(), reading.problems()));
        }
        return reading.convention();
    }

    private static MaskCodec codec(Path weights) throws IOException {
        return weights == null ? MaskCodec.standIn() : MaskCodec.of(MaskCodecWeights.read(weights));
    }
}
