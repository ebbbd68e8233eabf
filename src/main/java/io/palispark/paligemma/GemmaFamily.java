package io.palispark.paligemma;

/** The kind of language model: PaliGemma 1 is built on the first, PaliGemma 2 on the second. */
public enum GemmaFamily {
    /** Two norms a layer, plain attention. */
    GEMMA,
    /** Four norms a layer, soft caps, every other layer with a sliding window. */
    GEMMA2
}
