package io.palispark.paligemma;

import io.palispark.tensor.Tensor;
import java.util.List;

/**
 * One prompt with its pictures.
 *
 * @param ids of the whole prompt, placeholders included, as {@link PaliGemmaTokenizer#promptIds} gives them
 * @param features of the pictures in order, each [tokens, width]; a picture of several prompts is given as the same
 *     tensor and enters the model once
 */
public record PromptRow(int[] ids, List<Tensor> features) {

    public PromptRow {
        features = List.copyOf(features);
    }
}
