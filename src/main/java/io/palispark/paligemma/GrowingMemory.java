package io.palispark.paligemma;

import io.palispark.tensor.ElementType;
import io.palispark.tensor.GraphValue;
import io.palispark.tensor.OnnxGraph;
import java.util.ArrayList;
import java.util.List;

/**
 * Keys and values that come in through inputs of a graph and have those of the new tokens put behind them. Inputs and
 * outputs are called as in {@link GemmaGraph}, behind a prefix; the order is keys, then values of each layer in turn.
 */
final class GrowingMemory {

    private final ModelGraph graph;
    private final String prefix;
    private final int from;
    private final long[] extents;
    private final List<GraphValue> past = new ArrayList<>();
    private final GraphValue[] grown;

    /** Declares the inputs of the layers {@code from} to {@code to}, exclusive. */
    GrowingMemory(ModelGraph graph, TextConfig text, String prefix, int from, int to) {
        this.graph = graph;
        this.prefix = prefix;
        this.from = from;
        this.extents = new long[] {OnnxGraph.ANY, text.keyValueHeads(), OnnxGraph.ANY, text.headSize()};
        this.grown = new GraphValue[2 * (to - from)];
        for (int layer = from; layer < to; layer++) {
            past.add(graph.onnx().input(prefix + GemmaGraph.pastKeys(layer), ElementType.FLOAT32, extents));
            past.add(graph.onnx().input(prefix + GemmaGraph.pastValues(layer), ElementType.FLOAT32, extents));
        }
    }

    /** Keys of all tokens, those of the new ones given; [rows, keyValueHeads, columns, headSize]. */
    GraphValue keys(int layer, GraphValue added) {
        return grown(2 * (layer - from), added);
    }

    /** Values of all tokens, those of the new ones given; likewise. */
    GraphValue values(int layer, GraphValue added) {
        return grown(2 * (layer - from) + 1, added);
    }

    private GraphValue grown(int place, GraphValue added) {
        grown[place] = graph.concat(2, past.get(place), added);
        return grown[place];
    }

    /** Columns before those of this graph, int64. */
    GraphValue columns() {
        return graph.gather(0, graph.apply("Shape", past.get(0)), graph.integer(2));
    }

    /** What became of the inputs, once all layers are added. */
    List<GraphValue> grown() {
        return List.of(grown);
    }

    /** Makes outputs of the graph of what became of its inputs, or of what came of that. */
    void putOut(List<GraphValue> values) {
        for (int i = 0; i < values.size(); i++) {
            int layer = from + i / 2;
            String name = i % 2 == 0 ? GemmaGraph.keys(layer) : GemmaGraph.values(layer);
            graph.onnx().output(prefix + name, values.get(i), ElementType.FLOAT32, extents);
        }
    }
}
