package io.palispark.job;

import io.palispark.geometry.Box;
import io.palispark.geometry.ImageSize;
import io.palispark.geometry.PixelBox;
import io.palispark.geometry.RunLengthMask;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What became of one (image, prefix): one line of a predictions folder, whoever wrote the text. {@link PredictionJson} is
 * its JSON.
 *
 * @param image name of the picture as the request gave it
 * @param prefix the prompt, without image markers
 * @param outcome the model's answer, or why there is none
 */
public record Prediction(String image, String prefix, Outcome outcome) {

    /** Every request ends in exactly one of these. */
    public sealed interface Outcome permits Answer, Failure {}

    /**
     * An answer and the geometry read from it.
     *
     * @param size of the picture that boxes and masks refer to; empty only where it is unknown, and then so are objects
     * @param text as the model wrote it; of a stitched answer the boxes in the picture's bins
     * @param objects in the order of the text, or best first where suppression sorted them
     * @param defects what was wrong with the text and what post-processing took away
     * @param tiles what the model wrote about each block of the picture, where the answer was stitched of them
     */
    public record Answer(
            Optional<ImageSize> size,
            ModelText text,
            List<DetectedObject> objects,
            List<AnswerDefect> defects,
            List<TileText> tiles)
            implements Outcome {

        public Answer {
            objects = List.copyOf(objects);
            defects = List.copyOf(defects);
            tiles = List.copyOf(tiles);
        }

        /** An answer about the picture as a whole. */
        public Answer(
                Optional<ImageSize> size, ModelText text, List<DetectedObject> objects, List<AnswerDefect> defects) {
            this(size, text, objects, defects, List.of());
        }
    }

    /**
     * What a model wrote about a block of a picture as if it were one of its own.
     *
     * @param block in pixels of the picture
     */
    public record TileText(PixelBox block, ModelText text) {}

    /**
     * No answer.
     *
     * @param code kebab-case, such as {@code image-truncated}
     * @param detail one sentence with the value and where it came from
     */
    public record Failure(String code, String detail) implements Outcome {}

    /**
     * Generated text.
     *
     * @param text without control tokens
     * @param tokenIds the ids in their order, the end token included where it came; empty when unknown
     * @param logProbabilities natural logarithm of each token's raw probability, one an id; empty when unknown
     * @param finish why generation ended; empty when unknown
     */
    public record ModelText(
            String text, List<Integer> tokenIds, List<Double> logProbabilities, Optional<Finish> finish) {

        public ModelText {
            tokenIds = List.copyOf(tokenIds);
            logProbabilities = List.copyOf(logProbabilities);
            if (!logProbabilities.isEmpty() && logProbabilities.size() != tokenIds.size()) {
                throw new IllegalArgumentException("Cannot pair " + logProbabilities.size() + " log-probabilities with "
                        + tokenIds.size() + " tokens: one a token is needed");
            }
        }

        /** Text of a tool that says nothing about its tokens. */
        public static ModelText of(String text) {
            return new ModelText(text, List.of(), List.of(), Optional.empty());
        }
    }

    /** Why generation ended. */
    public enum Finish {
        /** The model wrote its end token. */
        EOS,
        /** The limit of new tokens came first: the text is cut. */
        LENGTH;

        String key() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * One object of an answer.
     *
     * @param label its class; empty where the text has none
     * @param box in pixels of the picture; reversed corners of the text give negative extents
     * @param mask pasted on the picture; empty in detection and where the codes were unusable
     * @param score what ranks it, 0 to 1; 1 where the text comes without probabilities
     * @param scores what the score was made of
     */
    public record DetectedObject(
            String label, Box box, Optional<RunLengthMask> mask, double score, ObjectScores scores) {}

    /**
     * Probabilities of an object's tokens, each 0 to 1; empty where they are unknown or the object lacks the part.
     *
     * @param label of the first token of the class name
     * @param box geometric mean over the four location tokens
     * @param mask geometric mean over the sixteen segmentation tokens
     */
    public record ObjectScores(OptionalDouble label, OptionalDouble box, OptionalDouble mask) {

        public static final ObjectScores UNKNOWN =
                new ObjectScores(OptionalDouble.empty(), OptionalDouble.empty(), OptionalDouble.empty());
    }

    /**
     * One thing wrong with an answer.
     *
     * @param code kebab-case: a {@link io.palispark.token.SuffixDefectCode} or a code of post-processing
     * @param at index of the UTF-16 code unit in the text, 0-based; -1 where it has no place
     * @param detail the text there or what was done
     */
    public record AnswerDefect(String code, int at, String detail) {}
}
