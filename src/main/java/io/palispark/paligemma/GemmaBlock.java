package io.palispark.paligemma;

import io.palispark.tensor.GraphValue;
import java.io.IOException;

/**
 * The layers of Gemma 1 and 2. Their names disagree: {@code post_attention_layernorm} is the norm before the
 * feed-forward part in the first, and one after attention in the second.
 */
final class GemmaBlock {

    private final ModelGraph graph;
    private final TextConfig text;
    private final TokenSpan tokens;
    private final GrowingMemory memory;

    GemmaBlock(ModelGraph graph, TextConfig text, TokenSpan tokens, GrowingMemory memory) {
        this.graph = graph;
        this.text = text;
        this.tokens = tokens;
        this.memory = memory;
    }

    /** Adds a layer; its result for a matrix with one row per token. */
    GraphValue append(GraphValue x, int layer, GraphValue mask) throws IOException {
        GraphValue normed = beforeAttention(x, layer);
        return append(x, attention(normed, normed, tokens, layer, mask), layer);
    }

    /**
     * Adds the last layer, for those tokens only whose logits are wanted: of a prompt one in 260, which saves a layer but
     * for its keys and values.
     *
     * @param columns of the tokens
     */
    GraphValue appendLast(GraphValue x, int layer, GraphValue mask, GraphValue columns) throws IOException {
        GraphValue normed = beforeAttention(x, layer);
        GraphValue asking = tokens.at(columns, normed, text.width());
        GraphValue attended = attention(normed, asking, tokens.at(columns), layer, tokens.maskAt(columns, mask));
        return append(tokens.at(columns, x, text.width()), attended, layer);
    }

    private GraphValue beforeAttention(GraphValue x, int layer) throws IOException {
        return norm(x, TensorName.textLayer(layer) + "input_layernorm");
    }

    private GraphValue append(GraphValue x, GraphValue attended, int layer) throws IOException {
        String name = TensorName.textLayer(layer);
        graph.stage("text.layer." + layer + ".attention", attended);
        GraphValue result = switch (text.family()) {
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
        return graph.stage("text.layer." + layer, result);
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
     *
     * @param all normed tokens, of which keys and values are taken
     * @param asking those of them whose results are wanted
     */
    private GraphValue attention(GraphValue all, GraphValue asking, TokenSpan askers, int layer, GraphValue mask)
            throws IOException {
        String name = TensorName.textLayer(layer) + "self_attn.";
        GraphValue queries = askers.rotated(graph.product(asking, name + "q_proj"), text.heads(), text.headSize());
        GraphValue keys = memory.keys(layer, newKeys(all, name));
        GraphValue values = memory.values(layer, newValues(all, name));
        GraphValue scaled = graph.multiply(graph.transpose(queries, 0, 2, 1, 3), text.attentionScale());
        GraphValue grouped = graph.reshape(scaled, 0, text.keyValueHeads(), -1, text.headSize());
        GraphValue scores = capped(graph.matrixProduct(grouped, graph.transpose(keys, 0, 1, 3, 2)));
        GraphValue masked = graph.add(graph.reshape(scores, 0, text.heads(), -1, 0), mask);
        GraphValue weights = graph.reshape(graph.softmax(masked), 0, text.keyValueHeads(), -1, 0);
        GraphValue mixed = graph.reshape(graph.matrixProduct(weights, values), 0, text.heads(), -1, text.headSize());
        long joined = (long) text.heads() * text.headSize();
        return graph.product(graph.reshape(graph.transpose(mixed, 0, 2, 1, 3), -1, joined), name + "o_proj");
    }

    private GraphValue newKeys(GraphValue x, String name) throws IOException {
        GraphValue keys = graph.product(x, name + "k_proj");
        return graph.transpose(tokens.rotated(keys, text.keyValueHeads(), text.headSize()), 0, 2, 1, 3);
    }

    private GraphValue newValues(GraphValue x, String name) throws IOException {
        GraphValue values = graph.product(x, name + "v_proj");
        return graph.transpose(tokens.heads(values, text.keyValueHeads(), text.headSize()), 0, 2, 1, 3);
    }

    private GraphValue capped(GraphValue scores) {
        if (text.attentionCap().isEmpty()) {
            return scores;
        }
        double cap = text.attentionCap().getAsDouble();
        return graph.multiply(
                graph.onnx().node("Tanh", graph.multiply(scores, 1 / cap)).output(), cap);
    }
}
