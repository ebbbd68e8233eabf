package io.palispark.paligemma;

import io.palispark.tensor.ElementType;
import io.palispark.tensor.GraphValue;
import io.palispark.tensor.OnnxGraph;
import java.io.IOException;

/**
 * The layers of Gemma 1 and 2. Their names disagree: {@code post_attention_layernorm} is the norm before the
 * feed-forward part in the first, and one after attention in the second.
 */
final class GemmaBlock {

    private final ModelGraph graph;
    private final TextConfig text;
    private final RotaryPositions positions;
    private final GraphValue tokenExtents;
    private final GraphValue queryExtents;
    private final GraphValue keyExtents;

    GemmaBlock(ModelGraph graph, TextConfig text, GraphValue ids, RotaryPositions positions) {
        this.graph = graph;
        this.text = text;
        this.positions = positions;
        GraphValue rowsAndColumns = graph.onnx().node("Shape", ids).output();
        this.tokenExtents = graph.concat(0, rowsAndColumns, graph.onnx().integers(-1));
        this.queryExtents = graph.concat(0, rowsAndColumns, graph.onnx().integers(text.heads(), text.headSize()));
        this.keyExtents = graph.concat(0, rowsAndColumns, graph.onnx().integers(text.keyValueHeads(), text.headSize()));
    }

    /** Adds a layer; its result for a matrix with one row per token. */
    GraphValue append(GraphValue x, int layer, GraphValue mask) throws IOException {
        String name = TensorName.textLayer(layer);
        GraphValue attended = attention(norm(x, name + "input_layernorm"), layer, mask);
        graph.stage("text.layer." + layer + ".attention", attended);
        return switch (text.family()) {
            case GEMMA -> {
                GraphValue y = graph.add(x, attended);
                yield graph.add(y, feedForward(norm(y, name + "post_attention_layernorm"), layer));
            }
            case GEMMA2 -> {
                GraphValue y = graph.add(x, norm(attended, name + "post_attention_layernorm"));
                GraphValue expanded = feedForward(norm(y, name + "pre_feedforward_layernorm"), layer);
                yield graph.add(y, norm(expanded, name + "post_feedforward_layernorm"));
            }
        };
    }

    private GraphValue norm(GraphValue x, String name) throws IOException {
        return graph.rmsNorm(x, name, text.epsilon());
    }

    private GraphValue feedForward(GraphValue x, int layer) throws IOException {
        String name = TensorName.textLayer(layer) + "mlp.";
        GraphValue gate = graph.gelu(graph.product(x, name + "gate_proj"));
        GraphValue inner = graph.multiply(gate, graph.product(x, name + "up_proj"));
        return graph.stage("text.layer." + layer + ".mlp", graph.product(inner, name + "down_proj"));
    }

    /**
     * Queries of the heads that share keys and values are stacked below each other, so that no key is ever repeated:
     * [rows, keyValueHeads, group * columns, headSize].
     */
    private GraphValue attention(GraphValue x, int layer, GraphValue mask) throws IOException {
        String name = TensorName.textLayer(layer) + "self_attn.";
        GraphValue queries = rotated(graph.product(x, name + "q_proj"), text.heads(), queryExtents);
        GraphValue newKeys = rotated(graph.product(x, name + "k_proj"), text.keyValueHeads(), keyExtents);
        GraphValue newValues = graph.reshape(graph.product(x, name + "v_proj"), keyExtents);
        GraphValue keys = cached(GemmaGraph.pastKeys(layer), GemmaGraph.keys(layer), newKeys);
        GraphValue values = cached(GemmaGraph.pastValues(layer), GemmaGraph.values(layer), newValues);
        GraphValue scaled = graph.multiply(graph.transpose(queries, 0, 2, 1, 3), text.attentionScale());
        GraphValue grouped = graph.reshape(scaled, 0, text.keyValueHeads(), -1, text.headSize());
        GraphValue scores = capped(graph.matrixProduct(grouped, graph.transpose(keys, 0, 1, 3, 2)));
        GraphValue masked = graph.add(graph.reshape(scores, 0, text.heads(), -1, 0), mask);
        GraphValue weights = graph.reshape(graph.softmax(masked), 0, text.keyValueHeads(), -1, 0);
        GraphValue mixed = graph.reshape(graph.matrixProduct(weights, values), 0, text.heads(), -1, text.headSize());
        long joined = (long) text.heads() * text.headSize();
        return graph.product(graph.reshape(graph.transpose(mixed, 0, 2, 1, 3), -1, joined), name + "o_proj");
    }

    private GraphValue rotated(GraphValue x, int heads, GraphValue extents) {
        return graph.reshape(positions.rotate(graph.reshape(x, tokenExtents), heads), extents);
    }

    private GraphValue capped(GraphValue scores) {
        if (text.attentionCap().isEmpty()) {
            return scores;
        }
        double cap = text.attentionCap().getAsDouble();
        return graph.multiply(
                graph.onnx().node("Tanh", graph.multiply(scores, 1 / cap)).output(), cap);
    }

    /** The cache of one kind with the new entries behind it, [rows, keyValueHeads, columns, headSize]. */
    private GraphValue cached(String past, String present, GraphValue added) {
        OnnxGraph onnx = graph.onnx();
        long[] extents = {OnnxGraph.ANY, text.keyValueHeads(), OnnxGraph.ANY, text.headSize()};
        GraphValue before = onnx.input(past, ElementType.FLOAT32, extents);
        GraphValue all = graph.concat(2, before, graph.transpose(added, 0, 2, 1, 3));
        onnx.output(present, all, ElementType.FLOAT32, extents);
        return all;
    }
}
