package io.palispark.paligemma;

import io.palispark.tensor.GraphValue;

/**
 * The tokens that a graph is given, as its layers see them: a matrix with one row per token, of all rows in turn.
 *
 * @param extents rows and columns, int64 [2]
 * @param positions of each token
 */
record TokenSpan(ModelGraph graph, GraphValue extents, RotaryPositions positions) {

    static TokenSpan of(ModelGraph graph, TextConfig text, GraphValue positions) {
        GraphValue extents = graph.onnx().node("Shape", positions).output();
        return new TokenSpan(graph, extents, RotaryPositions.of(graph, text, positions));
    }

    /** Heads [rows * columns, count * headSize] turned to their positions, [rows, columns, count, headSize]. */
    GraphValue rotated(GraphValue x, int count, long headSize) {
        GraphValue tokens =
                graph.reshape(x, graph.concat(0, extents, graph.onnx().integers(-1)));
        return heads(positions.rotate(tokens, count), count, headSize);
    }

    /** A matrix cut into heads, [rows, columns, count, headSize]. */
    GraphValue heads(GraphValue x, int count, long headSize) {
        return graph.reshape(x, graph.concat(0, extents, graph.onnx().integers(count, headSize)));
    }

    /** The tokens in some columns of every row. */
    TokenSpan at(GraphValue columns) {
        RotaryPositions some = positions.at(columns);
        return new TokenSpan(graph, graph.onnx().node("Shape", some.tokens()).output(), some);
    }

    /** The rows of a matrix [rows * columns, width] that belong to some columns. */
    GraphValue at(GraphValue columns, GraphValue x, long width) {
        GraphValue tokens =
                graph.reshape(x, graph.concat(0, extents, graph.onnx().integers(width)));
        return graph.reshape(graph.gather(1, tokens, columns), -1, width);
    }

    /** A mask [rows, 1, columns, all columns] for some columns; 1 stands for any number of columns with the same mask. */
    GraphValue maskAt(GraphValue columns, GraphValue mask) {
        GraphValue one = graph.onnx().integers(1);
        GraphValue each = graph.gather(0, extents, graph.onnx().integers(1));
        GraphValue whole = graph.onnx()
                .node("Expand", mask, graph.concat(0, one, one, each, one))
                .output();
        return graph.gather(2, whole, columns);
    }
}
