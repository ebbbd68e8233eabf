package io.palispark.job;

import io.palispark.paligemma.PaliGemmaProcessor;
import io.palispark.token.Convention;
import io.palispark.vqvae.MaskCodec;
import io.palispark.vqvae.MaskCodecWeights;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Codec, parser and tokenizer as pipes from one stream to another; needs no Spark. Without files of their own they use
 * the stand-ins of the jar.
 */
public final class TokensJob {

    private final InputStream in;
    private final OutputStream out;

    public TokensJob(InputStream in, OutputStream out) {
        this.in = in;
        this.out = out;
    }

    /**
     * Masks to suffixes.
     *
     * @param weights mask codec, {@code vae-oid.npz}
     * @param rules rules other than big_vision's, by the keys of {@link Convention#toMap}
     * @throws ConfigException for unknown rules
     */
    public void encode(Optional<Path> weights, Map<String, String> rules) throws IOException {
        Convention convention = convention(rules);
        RecordPipe.run(new TokenEncoding(codec(weights), convention), in, out);
    }

    /**
     * Suffixes to boxes in pixels and masks.
     *
     * @param weights mask codec, {@code vae-oid.npz}
     * @param rules rules other than big_vision's, by the keys of {@link Convention#toMap}
     * @throws ConfigException for unknown rules
     */
    public void decode(Optional<Path> weights, Map<String, String> rules) throws IOException {
        Convention convention = convention(rules);
        RecordPipe.run(new TokenDecoding(codec(weights), convention), in, out);
    }

    /** Suffixes to bins, codes and defects. */
    public void parse() throws IOException {
        RecordPipe.run(new TokenParsing(), in, out);
    }

    /** Texts and prompts to token ids. */
    public void ids(Optional<Path> checkpoint) throws IOException {
        try (PaliGemmaProcessor processor =
                checkpoint.isPresent() ? PaliGemmaProcessor.load(checkpoint.get()) : PaliGemmaProcessor.standIn()) {
            RecordPipe.run(new TokenIds(processor), in, out);
        }
    }

    private static Convention convention(Map<String, String> rules) {
        Convention.Reading reading = Convention.BIG_VISION.with(rules);
        if (!reading.problems().isEmpty()) {
            throw new ConfigException(reading.problems());
        }
        return reading.convention();
    }

    private static MaskCodec codec(Optional<Path> weights) throws IOException {
        return weights.isPresent() ? MaskCodec.of(MaskCodecWeights.read(weights.get())) : MaskCodec.standIn();
    }
}
