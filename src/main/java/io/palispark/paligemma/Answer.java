package io.palispark.paligemma;

/**
 * What a model wrote.
 *
 * @param text of the tokens without the end token
 * @param generated the tokens with their log-probabilities
 */
public record Answer(String text, Generated generated) {}
