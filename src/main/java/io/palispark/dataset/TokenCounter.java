package io.palispark.dataset;

/** Counts the tokens of a text, without begin and end tokens. */
@FunctionalInterface
public interface TokenCounter {

    int count(String text);
}
