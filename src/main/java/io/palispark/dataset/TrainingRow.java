package io.palispark.dataset;

import io.palispark.annotation.ReasonCode;
import java.util.List;

/**
 * One line of training data and what is known about it.
 *
 * @param image name below the image root
 * @param prefix the prompt, without line end
 * @param suffix the text to learn; empty for a negative row
 * @param source what the row was made of
 * @param tokens how long its texts are for the tokenizer of the budget
 */
public record TrainingRow(String image, String prefix, String suffix, Source source, Tokens tokens) {

    /**
     * @param imageId id of the picture in its annotation file
     * @param task what the row asks for
     * @param asked classes the prompt names, in its order
     * @param records ids of the objects in suffix order, or of the caption or question
     * @param labels classes of the objects, parallel to {@code records}; empty for texts
     * @param warnings repairs and flags of those records, sorted, each once
     */
    public record Source(
            String imageId,
            Task task,
            List<String> asked,
            List<String> records,
            List<String> labels,
            List<ReasonCode> warnings) {}

    /**
     * @param prefix tokens of the prompt alone, without image tokens, begin token and separator
     * @param suffix tokens of the suffix with its end token
     */
    public record Tokens(int prefix, int suffix) {}
}
