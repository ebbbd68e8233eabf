package io.palispark.paligemma;

import io.palispark.tensor.ElementType;
import io.palispark.tensor.GraphValue;
import io.palispark.tensor.OnnxGraph;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Tokens after the prompt inside one call of a session: a Loop that carries keys, values and the places of the rows from
 * step to step, so that on an accelerator nothing of them passes through the memory of the host. Each step is a
 * {@link GemmaBlock} stack for one token of each row, and a {@link TokenChoiceGraph}.
 */
final class GemmaLoop {

    static final String PADDING = "padding";
    static final String STEPS = "steps";
    static final String LEAST = "least_open";
    static final String STATE = "state";
    static final String TOP = "top";
    static final String LEFT = "left";
    static final String ROOM = "room";
    static final String REMAINING = "remaining";

    /** Of the token that the logits of the call give, and of those after it. */
    static final String FIRST = "first.";

    static final String LATER = "later.";
    static final String TOKENS = "tokens";
    static final String LOG_PROBABILITIES = "log_probabilities";
    static final String FULL = "full";

    private static final String BODY = "loop";
    private static final float HIDDEN = -Float.MAX_VALUE;

    private final ModelGraph graph;
    private final TextConfig text;
    private final GraphValue padding;
    private final GraphValue leastOpen;
    private final TokenChoiceGraph.Inputs inputs;

    GemmaLoop(ModelGraph graph, TextConfig text) {
        OnnxGraph onnx = graph.onnx();
        this.graph = graph;
        this.text = text;
        this.padding = onnx.input(PADDING, ElementType.INT64, OnnxGraph.ANY);
        this.leastOpen = onnx.input(LEAST, ElementType.INT64);
        this.inputs = TokenChoiceGraph.Inputs.of(onnx);
    }

    /**
     * Adds the first choice and the loop, with their outputs.
     *
     * @param logits of each row, [rows, vocabulary]
     * @param memory of the tokens before
     */
    void append(GraphValue logits, GrowingMemory memory) throws IOException {
        OnnxGraph onnx = graph.onnx();
        GraphValue steps = onnx.input(STEPS, ElementType.INT64);
        List<GraphValue> places = new ArrayList<>();
        for (String place : List.of(STATE, TOP, LEFT, ROOM, REMAINING)) {
            places.add(onnx.input(place, ElementType.INT64, OnnxGraph.ANY));
        }
        TokenChoiceGraph.Chosen first = choice(graph)
                .choose(logits, TokenChoiceGraph.Rows.of(places), graph.gather(0, inputs.draws(), graph.integer(0)));
        onnx.output(FIRST + TOKENS, first.tokens(), ElementType.INT64, OnnxGraph.ANY);
        onnx.output(FIRST + LOG_PROBABILITIES, first.logProbabilities(), ElementType.FLOAT64, OnnxGraph.ANY);
        onnx.output(FIRST + FULL, first.full(), ElementType.BOOL, OnnxGraph.ANY);
        List<GraphValue> carried = new ArrayList<>(List.of(steps, isGoingOn(graph, first.rows()), first.fed()));
        carried.addAll(first.rows().all());
        carried.addAll(memory.grown());
        int kept = carried.size() - 2;
        List<GraphValue> results = onnx.node("Loop", carried.toArray(new GraphValue[0]))
                .body("body", body())
                .outputs(kept + 3);
        memory.putOut(results.subList(kept - memory.grown().size(), kept));
        onnx.output(LATER + TOKENS, results.get(kept), ElementType.INT64, OnnxGraph.ANY, OnnxGraph.ANY);
        onnx.output(
                LATER + LOG_PROBABILITIES, results.get(kept + 1), ElementType.FLOAT64, OnnxGraph.ANY, OnnxGraph.ANY);
        onnx.output(LATER + FULL, results.get(kept + 2), ElementType.BOOL, OnnxGraph.ANY, OnnxGraph.ANY);
    }

    private TokenChoiceGraph choice(ModelGraph in) {
        return new TokenChoiceGraph(in, inputs, Math.toIntExact(text.vocabulary()));
    }

    /** Whether enough rows are open, bool. */
    private GraphValue isGoingOn(ModelGraph in, TokenChoiceGraph.Rows rows) {
        GraphValue isOpen = in.cast(in.apply("Greater", rows.remaining(), in.integer(0)), ElementType.INT64);
        GraphValue open = in.onnx()
                .node("ReduceSum", isOpen, in.onnx().integers(0))
                .integer("keepdims", 0)
                .output();
        return in.apply("GreaterOrEqual", open, leastOpen);
    }

    private OnnxGraph body() throws IOException {
        ModelGraph body = graph.body(BODY);
        OnnxGraph onnx = body.onnx();
        GraphValue step = onnx.input(BODY + ".step", ElementType.INT64);
        onnx.input(BODY + ".going", ElementType.BOOL);
        GraphValue ids = onnx.input(BODY + ".ids", ElementType.INT64, OnnxGraph.ANY, 1);
        List<GraphValue> places = new ArrayList<>();
        for (String place : List.of(STATE, TOP, LEFT, ROOM, REMAINING)) {
            places.add(onnx.input(BODY + "." + place, ElementType.INT64, OnnxGraph.ANY));
        }
        GrowingMemory memory = new GrowingMemory(body, text, BODY + ".", 0, text.layers());
        GraphValue logits = logits(body, ids, memory);
        GraphValue number = body.apply("Add", step, body.integer(1));
        TokenChoiceGraph.Chosen chosen =
                choice(body).choose(logits, TokenChoiceGraph.Rows.of(places), body.gather(0, inputs.draws(), number));
        onnx.output(BODY + ".goes_on", isGoingOn(body, chosen.rows()), ElementType.BOOL);
        onnx.output(BODY + ".fed", chosen.fed(), ElementType.INT64, OnnxGraph.ANY, 1);
        List<GraphValue> after = chosen.rows().all();
        for (int i = 0; i < after.size(); i++) {
            onnx.output(BODY + ".after" + i, after.get(i), ElementType.INT64, OnnxGraph.ANY);
        }
        memory.putOut(memory.grown());
        onnx.output(BODY + "." + TOKENS, chosen.tokens(), ElementType.INT64, OnnxGraph.ANY);
        onnx.output(BODY + "." + LOG_PROBABILITIES, chosen.logProbabilities(), ElementType.FLOAT64, OnnxGraph.ANY);
        onnx.output(BODY + "." + FULL, chosen.full(), ElementType.BOOL, OnnxGraph.ANY);
        return onnx;
    }

    /** Of one more token of each row. */
    private GraphValue logits(ModelGraph body, GraphValue ids, GrowingMemory memory) throws IOException {
        GemmaGraph gemma = new GemmaGraph(body, text);
        GraphValue columns = body.apply("Add", memory.columns(), body.integer(1));
        GraphValue positions = body.apply(
                "Unsqueeze", body.apply("Sub", columns, padding), body.onnx().integers(1));
        GemmaBlock block = new GemmaBlock(body, text, TokenSpan.of(body, text, positions), memory);
        GraphValue all = mask(body, columns, padding);
        GraphValue window = GemmaGraph.hasWindow(text) ? mask(body, columns, firstSeen(body, columns)) : all;
        GraphValue x = body.reshape(gemma.words(ids), -1, text.width());
        for (int layer = 0; layer < text.layers(); layer++) {
            x = block.append(x, layer, text.slides(layer) ? window : all);
        }
        return gemma.logits(x);
    }

    private GraphValue firstSeen(ModelGraph body, GraphValue columns) {
        return body.apply("Max", padding, body.apply("Sub", columns, body.integer(text.window())));
    }

    /** Hides the columns before each row's first, [rows, 1, 1, columns]; as {@link AttentionMask#step}. */
    private static GraphValue mask(ModelGraph body, GraphValue columns, GraphValue first) {
        GraphValue all = body.apply("Range", body.integer(0), columns, body.integer(1));
        GraphValue from = body.reshape(first, -1, 1, 1, 1);
        GraphValue seen = body.apply("GreaterOrEqual", body.reshape(all, 1, 1, 1, -1), from);
        return body.apply("Where", seen, body.number(0), body.number(HIDDEN));
    }
}
