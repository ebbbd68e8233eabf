package io.palispark.job;

import io.palispark.dataset.ObjectRows;
import io.palispark.dataset.PromptPlan;
import io.palispark.dataset.RowComposer;
import io.palispark.dataset.TextRows;
import io.palispark.dataset.WordRows;
import io.palispark.paligemma.PaliGemmaTokenizer;
import io.palispark.spark.SharedCodecs;
import io.palispark.vqvae.MaskCodec;
import io.palispark.vqvae.MaskCodecWeights;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.concurrent.ConcurrentHashMap;

/** What tasks of one executor process share: the codec's sessions and the tokenizer, opened once per file. */
final class PrepareTools {

    private static final ConcurrentHashMap<String, PaliGemmaTokenizer> TOKENIZERS = new ConcurrentHashMap<>();

    private PrepareTools() {}

    static MaskCodecWeights weights(PrepareConfig.Codec codec) throws IOException {
        return SharedCodecs.weights(codec.weights());
    }

    static MaskCodec codec(PrepareConfig.Codec codec) {
        return SharedCodecs.codec(codec.weights());
    }

    static PaliGemmaTokenizer tokenizer(PrepareConfig.Budget budget) {
        return tokenizer(budget.tokenizer());
    }

    /** @param checkpoint a folder with a tokenizer.json, or {@code standin} */
    static PaliGemmaTokenizer tokenizer(String checkpoint) {
        return TOKENIZERS.computeIfAbsent(checkpoint, folder -> {
            try {
                return folder.equals(PrepareConfig.STAND_IN)
                        ? PaliGemmaTokenizer.standIn()
                        : PaliGemmaTokenizer.load(Path.of(folder));
            } catch (IOException unreadable) {
                throw new UncheckedIOException(
                        "Cannot open the tokenizer of " + folder
                                + ": set the tokenizer to a checkpoint folder or to standin",
                        unreadable);
            }
        });
    }

    static RowComposer composer(PrepareConfig config, PromptPlan prompts) {
        PaliGemmaTokenizer tokenizer = tokenizer(config.budget());
        return new RowComposer(
                prompts,
                new ObjectRows(
                        prompts,
                        config.order().objects(),
                        config.order().seed(),
                        config.budget().tokens(),
                        tokenizer::count,
                        config.convention()),
                new WordRows(prompts, config.budget().tokens(), tokenizer::count, config.convention()),
                new TextRows(prompts, config.budget().tokens(), tokenizer::count));
    }
}
