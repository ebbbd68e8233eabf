package io.palispark.paligemma;

import java.util.List;
import java.util.OptionalDouble;

/**
 * The language model.
 *
 * @param width size of the residual stream
 * @param feedForward inner size of the gated feed-forward part
 * @param heads query heads; {@code heads * headSize} need not be the width
 * @param keyValueHeads heads of the cache, a divisor of {@code heads}
 * @param headSize from the file or 256, never width over heads
 * @param vocabulary rows of the embedding table
 * @param epsilon of the norms
 * @param ropeTheta base of the rotary frequencies
 * @param attentionScale factor of the scores before the cap
 * @param attentionCap where scores are bent off, before the mask
 * @param finalCap where logits would be bent off; {@link Checkpoint} leaves logits raw
 * @param slidingLayers for each layer, whether a generated token sees only the last {@code window} columns
 * @param window columns a sliding layer sees, the newest included; 0 where no layer slides
 */
public record TextConfig(
        GemmaFamily family,
        int width,
        int feedForward,
        int layers,
        int heads,
        int keyValueHeads,
        int headSize,
        int vocabulary,
        double epsilon,
        double ropeTheta,
        double attentionScale,
        OptionalDouble attentionCap,
        OptionalDouble finalCap,
        List<Boolean> slidingLayers,
        int window) {

    public TextConfig {
        slidingLayers = List.copyOf(slidingLayers);
    }

    /** Whether layer {@code layer}, counted from 0, has the sliding window. */
    public boolean slides(int layer) {
        return slidingLayers.get(layer);
    }

    /** The same model with another number of embedding rows. */
    public TextConfig withVocabulary(int rows) {
        return new TextConfig(
                family,
                width,
                feedForward,
                layers,
                heads,
                keyValueHeads,
                headSize,
                rows,
                epsilon,
                ropeTheta,
                attentionScale,
                attentionCap,
                finalCap,
                slidingLayers,
                window);
    }

    /** The same model without the attention cap: what transformers' sdpa computed up to 5.20. */
    public TextConfig withoutAttentionCap() {
        return new TextConfig(
                family,
                width,
                feedForward,
                layers,
                heads,
                keyValueHeads,
                headSize,
                vocabulary,
                epsilon,
                ropeTheta,
                attentionScale,
                OptionalDouble.empty(),
                finalCap,
                slidingLayers,
                window);
    }
}
