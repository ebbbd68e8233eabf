package io.palispark.paligemma;

import io.palispark.tensor.ElementType;
import io.palispark.tensor.GraphValue;
import io.palispark.tensor.Tensor;
import java.util.List;

/**
 * Rotary position embedding in the half-split layout: the first and the second half of a head are the two coordinates of
 * its rotating pairs. Angles are float32.
 */
record RotaryPositions(ModelGraph graph, GraphValue cosines, GraphValue sines) {

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
        GraphValue angles = graph.multiply(
                graph.onnx()
                        .node("Unsqueeze", numbers, graph.onnx().integers(-2, -1))
                        .output(),
                steps);
        return new RotaryPositions(
                graph,
                graph.onnx().node("Cos", angles).output(),
                graph.onnx().node("Sin", angles).output());
    }

    /** Rotates heads [rows, columns, heads, headSize]. */
    GraphValue rotate(GraphValue heads) {
        List<GraphValue> halves = graph.onnx()
                .node("Split", heads)
                .integer("axis", -1)
                .integer("num_outputs", 2)
                .outputs(2);
        GraphValue first = halves.get(0);
        GraphValue second = halves.get(1);
        GraphValue turned = graph.onnx()
                .node("Sub", graph.multiply(first, cosines), graph.multiply(second, sines))
                .output();
        return graph.concat(-1, turned, graph.add(graph.multiply(second, cosines), graph.multiply(first, sines)));
    }
}
