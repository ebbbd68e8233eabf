package io.palispark.dataset;

import io.palispark.annotation.ReasonCode;
import java.util.List;
import java.util.Set;

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
     * @param noise boxes of nothing at the end of the suffix, beside the records
     * @param orders in which its objects stand, of those that need no seed; empty for texts
     * @param warnings repairs and flags of those records, sorted, each once
     */
    public record Source(
            String imageId,
            Task task,
            List<String> asked,
            List<String> records,
            List<String> labels,
            int noise,
            Set<ObjectOrder> orders,
            List<ReasonCode> warnings) {}

    /**
     * @param prefix tokens of the prompt alone, without image tokens, begin token and separator
     * @param suffix tokens of the suffix with its end token
     */
    public record Tokens(int prefix, int suffix) {

        /** Tokens of the row's whole text as a trainer counts them: begin token, prefix, separator, suffix, end token. */
        public int text() {
            return 1 + prefix + 1 + suffix;
        }
    }
}
