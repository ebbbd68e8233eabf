package io.palispark.paligemma;

/** Why a generated row ended. */
public enum EndReason {
    /** The model wrote an end token, which is the last of the ids. */
    END_TOKEN,
    /** The limit of new tokens came first: the text is cut. */
    LENGTH,
    /** The limit of new tokens left no room for a further object, so the grammar wrote the end token. */
    FULL,
    /**
     * The logits of the next token were infinite or no numbers: the ids before it are no answer. Of sound weights only
     * {@link Precision#FLOAT16} ends so.
     */
    NOT_FINITE
}
