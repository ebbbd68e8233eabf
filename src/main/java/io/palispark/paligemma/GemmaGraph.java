package io.palispark.paligemma;

import io.palispark.tensor.ElementType;
import io.palispark.tensor.GraphValue;
import io.palispark.tensor.OnnxGraph;
import io.palispark.tensor.SessionChain;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The language model as a chain of graphs for prompt and steps alike: they append the keys and values of the tokens they
 * are given to those of the cache. Who may see whom is an input, so prefix, padding, window and suffix scoring are the
 * caller's.
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

    private static final String RESIDUAL = "residual.";

    private final ModelGraph graph;
    private final TextConfig text;

    private GemmaGraph(ModelBuild build, String name) {
        this(new ModelGraph(name, build), build.checkpoint().config().text());
    }

    GemmaGraph(ModelGraph graph, TextConfig text) {
        this.graph = graph;
        this.text = text;
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

    /** What the layers give for the tokens whose logits are wanted, [tokens, width]. */
    static String lastResidual(TextConfig text) {
        return RESIDUAL + text.layers();
    }

    static boolean hasWindow(TextConfig text) {
        return text.slidingLayers().contains(true);
    }

    /** The output head, behind the {@link #layers}. */
    static SessionChain.Link head(ModelBuild build) {
        return () -> new GemmaGraph(build, "text.head").head();
    }

    /** Links up to the last layer, cut so that none has much more than {@code linkBytes} of weights. */
    static List<SessionChain.Link> layers(ModelBuild build, long linkBytes) {
        TextConfig text = build.checkpoint().config().text();
        List<SessionChain.Link> links = new ArrayList<>();
        int first = 0;
        long bytes = 0;
        for (int layer = 0; layer < text.layers(); layer++) {
            bytes += layerBytes(text);
            if (bytes >= linkBytes || layer == text.layers() - 1) {
                int from = first;
                int to = layer + 1;
                links.add(() -> new GemmaGraph(build, "text." + from).layers(from, to));
                first = to;
                bytes = 0;
            }
        }
        return links;
    }

    /** The whole model in one link, with a loop that goes on from the prompt by itself. */
    static SessionChain.Link loop(ModelBuild build) {
        return () -> new GemmaGraph(build, "text").whole();
    }

    private static long layerBytes(TextConfig text) {
        long projections = 2L * text.headSize() * (text.heads() + text.keyValueHeads());
        return ElementType.FLOAT32.bytes() * text.width() * (projections + 3L * text.feedForward());
    }

    private OnnxGraph layers(int from, int to) throws IOException {
        GrowingMemory memory = new GrowingMemory(graph, text, "", from, to);
        GraphValue x = layers(from, to, memory);
        memory.putOut(memory.grown());
        graph.onnx().output(RESIDUAL + to, x, ElementType.FLOAT32, OnnxGraph.ANY, text.width());
        return graph.onnx();
    }

    private OnnxGraph whole() throws IOException {
        GrowingMemory memory = new GrowingMemory(graph, text, "", 0, text.layers());
        GraphValue logits = logits(layers(0, text.layers(), memory));
        graph.onnx().output(LOGITS, logits, ElementType.FLOAT32, OnnxGraph.ANY, text.vocabulary());
        new GemmaLoop(graph, text).append(logits, memory);
        return graph.onnx();
    }

    private GraphValue layers(int from, int to, GrowingMemory memory) throws IOException {
        OnnxGraph onnx = graph.onnx();
        GraphValue positions = onnx.input(POSITIONS, ElementType.INT64, OnnxGraph.ANY, OnnxGraph.ANY);
        GraphValue x = from == 0 ? graph.stage("text.embed", embedding()) : residual(from);
        GemmaBlock block = new GemmaBlock(graph, text, TokenSpan.of(graph, text, positions), memory);
        Map<String, GraphValue> masks = new HashMap<>();
        for (int layer = from; layer < to; layer++) {
            GraphValue mask = masks.computeIfAbsent(text.slides(layer) ? WINDOW_MASK : MASK, this::mask);
            if (layer == text.layers() - 1) {
                x = block.appendLast(x, layer, mask, onnx.input(COLUMNS, ElementType.INT64, OnnxGraph.ANY));
            } else {
                x = block.append(x, layer, mask);
            }
        }
        return x;
    }

    private GraphValue residual(int layer) {
        return graph.onnx().input(RESIDUAL + layer, ElementType.FLOAT32, OnnxGraph.ANY, text.width());
    }

    private GraphValue mask(String name) {
        return graph.onnx().input(name, ElementType.FLOAT32, OnnxGraph.ANY, 1, OnnxGraph.ANY, OnnxGraph.ANY);
    }

    /** Table rows times the root of the width. */
    GraphValue words(GraphValue ids) throws IOException {
        return graph.multiply(graph.tableRows(ids), Math.sqrt(text.width()));
    }

    /** Words, and picture features, unscaled, where a token stands for a patch. */
    private GraphValue embedding() throws IOException {
        OnnxGraph onnx = graph.onnx();
        GraphValue features = onnx.input(FEATURES, ElementType.FLOAT32, OnnxGraph.ANY, text.width());
        GraphValue featureRows = onnx.input(FEATURE_ROWS, ElementType.INT64, OnnxGraph.ANY, OnnxGraph.ANY);
        GraphValue ids = onnx.input(IDS, ElementType.INT64, OnnxGraph.ANY, OnnxGraph.ANY);
        GraphValue words = words(ids);
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

    private OnnxGraph head() throws IOException {
        GraphValue logits = logits(residual(text.layers()));
        graph.onnx().output(LOGITS, logits, ElementType.FLOAT32, OnnxGraph.ANY, text.vocabulary());
        return graph.onnx();
    }

    /** Norm and head of the tokens whose logits are wanted, [tokens, vocabulary]. */
    GraphValue logits(GraphValue x) throws IOException {
        GraphValue normed = graph.rmsNorm(x, "language_model.norm", text.epsilon());
        graph.stage("text.norm", normed);
        return graph.headProduct(normed);
    }
}
