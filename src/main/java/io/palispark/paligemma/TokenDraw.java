package io.palispark.paligemma;

import io.palispark.tensor.ElementType;
import io.palispark.tensor.GraphValue;
import io.palispark.tensor.OnnxGraph;
import io.palispark.tensor.Tensor;
import java.util.List;

/** The choice of a token inside a graph: the most probable one, or a draw with the filters of {@link TokenFilter}. */
final class TokenDraw {

    private final ModelGraph graph;
    private final TokenChoiceGraph.Inputs inputs;
    private final int vocabulary;

    TokenDraw(ModelGraph graph, TokenChoiceGraph.Inputs inputs, int vocabulary) {
        this.graph = graph;
        this.inputs = inputs;
        this.vocabulary = vocabulary;
    }

    /**
     * The token of each row, int64 [rows]; on ties the lowest.
     *
     * @param logits float32 [rows, vocabulary]; -inf for tokens that may not come
     * @param draws numbers from 0 to 1, float64 [rows]
     */
    GraphValue choose(GraphValue logits, GraphValue draws) {
        String name = graph.onnx().name();
        ModelGraph drawn = graph.body(name + ".drawn");
        GraphValue draw = new TokenDraw(drawn, inputs, vocabulary).drawn(logits, draws);
        drawn.onnx().output(name + ".drawn_tokens", draw, ElementType.INT64, OnnxGraph.ANY);
        ModelGraph best = graph.body(name + ".best");
        GraphValue first = best.onnx()
                .node("ArgMax", logits)
                .integer("axis", 1)
                .integer("keepdims", 0)
                .output();
        best.onnx().output(name + ".best_tokens", first, ElementType.INT64, OnnxGraph.ANY);
        return graph.onnx()
                .node("If", inputs.samples())
                .body("then_branch", drawn.onnx())
                .body("else_branch", best.onnx())
                .output();
    }

    /** Sorted by probability, a filter keeps a front part of the tokens, and the draw falls on one of them. */
    private GraphValue drawn(GraphValue logits, GraphValue draws) {
        GraphValue axis = graph.onnx().integers(1);
        List<GraphValue> sorted = graph.onnx()
                .node("TopK", logits, graph.onnx().integers(vocabulary))
                .integer("axis", 1)
                .outputs(2);
        GraphValue kept = nucleus(probabilities(sorted.get(0)));
        GraphValue mass = graph.apply("ReduceSum", kept, axis);
        GraphValue reached = graph.apply("Div", summed(kept, 0), mass);
        GraphValue passed = graph.apply("LessOrEqual", reached, graph.apply("Unsqueeze", draws, axis));
        GraphValue last = graph.apply("Sub", count(graph.apply("Greater", kept, zero())), graph.integer(1));
        GraphValue place = graph.apply("Min", count(passed), last);
        GraphValue token = graph.onnx()
                .node("GatherElements", sorted.get(1), place)
                .integer("axis", 1)
                .output();
        return graph.apply("Squeeze", token, axis);
    }

    /** Of the tokens that top-k leaves, ties with the last among them, after the temperature; 0 for the others. */
    private GraphValue probabilities(GraphValue sorted) {
        GraphValue most = graph.apply("Min", inputs.topK(), graph.onnx().integers(vocabulary));
        GraphValue ranked = graph.gather(1, sorted, graph.apply("Sub", most, graph.integer(1)));
        GraphValue stays = graph.apply("GreaterOrEqual", sorted, ranked);
        GraphValue exact = graph.cast(sorted, ElementType.FLOAT64);
        GraphValue largest = graph.gather(1, exact, graph.onnx().integers(0));
        GraphValue scaled = graph.apply("Div", graph.apply("Sub", exact, largest), inputs.temperature());
        GraphValue weights = graph.apply("Where", stays, graph.apply("Exp", scaled), zero());
        GraphValue sum = graph.apply("ReduceSum", weights, graph.onnx().integers(1));
        return graph.apply("Div", weights, sum);
    }

    /** From the tail, tokens go as long as the mass that goes is at most 1 - p; the first stays. */
    private GraphValue nucleus(GraphValue probabilities) {
        GraphValue tail = summed(probabilities, 1);
        GraphValue spare = graph.apply("Sub", number(1), inputs.topP());
        GraphValue ranks = graph.onnx()
                .node("Range", graph.integer(0), graph.integer(vocabulary), graph.integer(1))
                .output();
        GraphValue first = graph.apply("Equal", ranks, graph.integer(0));
        GraphValue stays = graph.apply("Or", graph.apply("Greater", tail, spare), first);
        return graph.apply("Where", stays, probabilities, zero());
    }

    private GraphValue summed(GraphValue x, int backwards) {
        return graph.onnx()
                .node("CumSum", x, graph.integer(1))
                .integer("reverse", backwards)
                .output();
    }

    private GraphValue count(GraphValue flags) {
        return graph.apply(
                "ReduceSum", graph.cast(flags, ElementType.INT64), graph.onnx().integers(1));
    }

    private GraphValue zero() {
        return number(0);
    }

    private GraphValue number(double value) {
        Tensor scalar = Tensor.allocate(ElementType.FLOAT64);
        scalar.buffer().putDouble(value);
        return graph.onnx().constant(scalar);
    }
}
