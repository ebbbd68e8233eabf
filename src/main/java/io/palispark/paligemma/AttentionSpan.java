package io.palispark.paligemma;

/** How far back a layer looks from a generated token. */
enum AttentionSpan {
    ALL,
    WINDOW
}
