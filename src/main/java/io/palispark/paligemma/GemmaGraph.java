package io.palispark.paligemma;

import io.palispark.tensor.ElementType;
import io.palispark.tensor.GraphValue;
import io.palispark.tensor.OnnxGraph;
import io.palispark.tensor.Tensor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The language model as one graph for prompt and steps alike: it appends the keys and values of the tokens it is given
 * to those of the cache. Who may see whom is an input, so prefix, padding, window and suffix scoring are the caller's.
 */
final class GemmaGraph {

    static final String IDS = "ids";
    static final String POSITIONS = "positions";
    static final String FEATURES = "features";
    static final String FEATURE_ROWS = "feature_rows";
    static final String MASK = "mask";
    static final String WINDOW_MASK = "window_mask";
    static final String COLUMNS = "columns";
    static final String LOGITS = "logits";

    private final ModelGraph graph;
    private final TextConfig text;

    private GemmaGraph(Checkpoint checkpoint, Precision precision, Set<String> stages) {
        this.graph = new ModelGraph("text", checkpoint, precision, stages);
        this.text = checkpoint.config().text();
    }

    static String pastKeys(int layer) {
        return "past_keys." + layer;
    }

    static String pastValues(int layer) {
        return "past_values." + layer;
    }

    static String keys(int layer) {
        return "keys." + layer;
    }

    static String values(int layer) {
        return "values." + layer;
    }

    static boolean hasWindow(TextConfig text) {
        return text.slidingLayers().contains(true);
    }

    static OnnxGraph of(Checkpoint checkpoint, Precision precision, Set<String> stages) throws IOException {
        return new GemmaGraph(checkpoint, precision, stages).build();
    }

    private OnnxGraph build() throws IOException {
        OnnxGraph onnx = graph.onnx();
        GraphValue ids = onnx.input(IDS, ElementType.INT64, OnnxGraph.ANY, OnnxGraph.ANY);
        GraphValue positions = onnx.input(POSITIONS, ElementType.INT64, OnnxGraph.ANY, OnnxGraph.ANY);
        GraphValue mask = mask(MASK);
        GraphValue windowMask = hasWindow(text) ? mask(WINDOW_MASK) : mask;
        GraphValue x = graph.stage("text.embed", embedding(ids));
        GemmaBlock block = new GemmaBlock(graph, text, ids, RotaryPositions.of(graph, text, positions));
        for (int layer = 0; layer < text.layers(); layer++) {
            x = block.append(x, layer, text.slides(layer) ? windowMask : mask);
            graph.stage("text.layer." + layer, x);
        }
        addLogits(x, ids);
        return onnx;
    }

    private GraphValue mask(String name) {
        return graph.onnx().input(name, ElementType.FLOAT32, OnnxGraph.ANY, 1, OnnxGraph.ANY, OnnxGraph.ANY);
    }

    /** Table rows times the root of the width; picture features, unscaled, where a token stands for a patch. */
    private GraphValue embedding(GraphValue ids) throws IOException {
        OnnxGraph onnx = graph.onnx();
        GraphValue features = onnx.input(FEATURES, ElementType.FLOAT32, OnnxGraph.ANY, text.width());
        GraphValue featureRows = onnx.input(FEATURE_ROWS, ElementType.INT64, OnnxGraph.ANY, OnnxGraph.ANY);
        GraphValue words = graph.multiply(
                graph.rows(TensorName.EMBEDDING, graph.checkpoint().embeddingBlocks(), ids), Math.sqrt(text.width()));
        GraphValue none = graph.integer(0);
        GraphValue isPatch = onnx.node("GreaterOrEqual", featureRows, none).output();
        GraphValue patches = onnx.node(
                        "Gather", features, onnx.node("Max", featureRows, none).output())
                .output();
        GraphValue merged = onnx.node(
                        "Where",
                        onnx.node("Unsqueeze", isPatch, onnx.integers(-1)).output(),
                        patches,
                        words)
                .output();
        return graph.reshape(merged, -1, text.width());
    }

    /** Norm and head for the columns that are asked for only: full prompt logits would be the largest tensor of all. */
    private void addLogits(GraphValue x, GraphValue ids) throws IOException {
        OnnxGraph onnx = graph.onnx();
        GraphValue columns = onnx.input(COLUMNS, ElementType.INT64, OnnxGraph.ANY);
        GraphValue extents = graph.concat(0, onnx.node("Shape", ids).output(), onnx.integers(text.width()));
        GraphValue wanted = onnx.node("Gather", graph.reshape(x, extents), columns)
                .integer("axis", 1)
                .output();
        GraphValue normed =
                graph.rmsNorm(graph.reshape(wanted, -1, text.width()), "language_model.norm", text.epsilon());
        graph.stage("text.norm", normed);
        List<Tensor> blocks = graph.checkpoint().headBlocks();
        List<GraphValue> parts = new ArrayList<>();
        for (int i = 0; i < blocks.size(); i++) {
            parts.add(graph.headProduct(normed, "head." + i, blocks.get(i)));
        }
        GraphValue logits = parts.size() == 1 ? parts.get(0) : graph.concat(1, parts.toArray(new GraphValue[0]));
        onnx.output(LOGITS, logits, ElementType.FLOAT32, OnnxGraph.ANY, text.vocabulary());
    }
}
