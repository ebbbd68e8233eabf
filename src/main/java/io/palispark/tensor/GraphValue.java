package io.palispark.tensor;

/**
 * The name of one tensor inside an {@link OnnxGraph}.
 *
 * @param name unique in the graph; empty only for {@link #ABSENT}
 */
public record GraphValue(String name) {

    /** Stands for an optional input that is left out. */
    public static final GraphValue ABSENT = new GraphValue("");
}
