package io.palispark.paligemma;

import io.palispark.tensor.ElementType;
import io.palispark.tensor.GraphValue;
import io.palispark.tensor.Tensor;

/**
 * Rotary position embedding in the half-split layout: the first and the second half of a head are the two coordinates of
 * its rotating pairs. Angles are float32.
 *
 * @param cosines of every token, [rows * columns, headSize / 2]
 * @param sines likewise
 * @param tokens which of them a token has: its own, [rows, columns]
 */
record RotaryPositions(ModelGraph graph, TextConfig text, GraphValue cosines, GraphValue sines, GraphValue tokens) {

    /** The rotations of tokens at {@code positions} [rows, columns], shared by all layers. */
    static RotaryPositions of(ModelGraph graph, TextConfig text, GraphValue positions) {
        int pairs = text.headSize() / 2;
        float[] frequencies = new float[pairs];
        for (int i = 0; i < pairs; i++) {
            frequencies[i] = (float) Math.pow(text.ropeTheta(), -2.0 * i / text.headSize());
        }
        GraphValue steps = graph.onnx().constant(Tensor.of(frequencies, pairs));
        GraphValue numbers = graph.onnx()
                .node("Cast", positions)
                .type("to", ElementType.FLOAT32)
                .output();
        GraphValue angles = graph.multiply(graph.reshape(numbers, -1, 1), steps);
        GraphValue count = graph.onnx().node("Size", positions).output();
        GraphValue all = graph.onnx()
                .node("Range", graph.integer(0), count, graph.integer(1))
                .output();
        return new RotaryPositions(
                graph,
                text,
                graph.onnx().node("Cos", angles).output(),
                graph.onnx().node("Sin", angles).output(),
                graph.reshape(all, graph.onnx().node("Shape", positions).output()));
    }

    /** Those of the tokens in some columns of every row. */
    RotaryPositions at(GraphValue columns) {
        return new RotaryPositions(graph, text, cosines, sines, graph.gather(1, tokens, columns));
    }

    /** Rotates heads [rows, columns, count * headSize]. */
    GraphValue rotate(GraphValue heads, int count) {
        return graph.onnx()
                .node("RotaryEmbedding", heads, tokens, cosines, sines)
                .domain(ModelGraph.MICROSOFT)
                .integer("num_heads", count)
                .integer("rotary_embedding_dim", text.headSize())
                .output();
    }
}
