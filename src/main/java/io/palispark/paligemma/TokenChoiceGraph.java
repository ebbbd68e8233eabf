package io.palispark.paligemma;

import io.palispark.tensor.ElementType;
import io.palispark.tensor.GraphValue;
import io.palispark.tensor.OnnxGraph;
import io.palispark.tensor.Tensor;
import io.palispark.token.TokenVocabulary;
import java.util.List;

/**
 * The next token of every row inside a graph: what the row's grammar allows, the choice among it, and its log-probability
 * under the raw logits, as {@link ObjectGrammar}, {@link TokenChoice} and {@link LogProbabilities} have them outside.
 * Grammars are the states of a {@link GrammarTable}.
 */
final class TokenChoiceGraph {

    static final String STATES = "states";
    static final String EDGES = "edges";
    static final String EDGE_PLACES = "edge_places";
    static final String GROUPS = "groups";
    static final String BINS = "bins";
    static final String ENDS = "ends";
    static final String SAMPLES = "samples";
    static final String TEMPERATURE = "temperature";
    static final String TOP_K = "top_k";
    static final String TOP_P = "top_p";
    static final String DRAWS = "draws";

    /**
     * What all choices of a run have in common.
     *
     * @param states int64 [fields, states]
     * @param edges int64 [fields, edges]
     * @param edgePlaces 0 to the most edges of a state, int64
     * @param groups bool [groups, vocabulary]
     * @param bins of every token, -1 where it is no location, int64 [vocabulary]
     * @param ends bool [vocabulary]
     * @param samples whether tokens are drawn, else the most probable is taken; bool
     * @param temperature float64
     * @param topK how many tokens are kept, int64 [1]
     * @param topP float64
     * @param draws a number from 0 to 1 for every step and row, float64 [steps, rows]
     */
    record Inputs(
            GraphValue states,
            GraphValue edges,
            GraphValue edgePlaces,
            GraphValue groups,
            GraphValue bins,
            GraphValue ends,
            GraphValue samples,
            GraphValue temperature,
            GraphValue topK,
            GraphValue topP,
            GraphValue draws) {

        static Inputs of(OnnxGraph graph) {
            return new Inputs(
                    graph.input(STATES, ElementType.INT64, GrammarTable.Field.values().length, OnnxGraph.ANY),
                    graph.input(EDGES, ElementType.INT64, GrammarTable.EdgeField.values().length, OnnxGraph.ANY),
                    graph.input(EDGE_PLACES, ElementType.INT64, OnnxGraph.ANY),
                    graph.input(GROUPS, ElementType.BOOL, OnnxGraph.ANY, OnnxGraph.ANY),
                    graph.input(BINS, ElementType.INT64, OnnxGraph.ANY),
                    graph.input(ENDS, ElementType.BOOL, OnnxGraph.ANY),
                    graph.input(SAMPLES, ElementType.BOOL),
                    graph.input(TEMPERATURE, ElementType.FLOAT64),
                    graph.input(TOP_K, ElementType.INT64, 1),
                    graph.input(TOP_P, ElementType.FLOAT64),
                    graph.input(DRAWS, ElementType.FLOAT64, OnnxGraph.ANY, OnnxGraph.ANY));
        }
    }

    /**
     * Where the rows are, int64 [rows] each.
     *
     * @param top last {@link GrammarTable.Corner#TOP}
     * @param left last {@link GrammarTable.Corner#LEFT}
     * @param room tokens that the grammar has left
     * @param remaining tokens until the row is cut; 0 or less for a row that is over
     */
    record Rows(GraphValue state, GraphValue top, GraphValue left, GraphValue room, GraphValue remaining) {

        List<GraphValue> all() {
            return List.of(state, top, left, room, remaining);
        }

        static Rows of(List<GraphValue> all) {
            return new Rows(all.get(0), all.get(1), all.get(2), all.get(3), all.get(4));
        }
    }

    /**
     * One token for each row.
     *
     * @param tokens int64 [rows], -1 for rows that were over
     * @param logProbabilities float64 [rows]; no number where the row ends for want of finite logits
     * @param full whether the row ended for want of room only, bool [rows]
     * @param fed the token that goes into the next step, int64 [rows, 1]
     * @param rows after the token
     */
    record Chosen(GraphValue tokens, GraphValue logProbabilities, GraphValue full, GraphValue fed, Rows rows) {}

    /** The edges of the rows' states, [rows, most edges]; {@code inside} tells which are there. */
    private record RowEdges(GraphValue inside, GraphValue tokens, GraphValue next, GraphValue room) {}

    private final ModelGraph graph;
    private final Inputs inputs;
    private final int vocabulary;

    TokenChoiceGraph(ModelGraph graph, Inputs inputs, int vocabulary) {
        this.graph = graph;
        this.inputs = inputs;
        this.vocabulary = vocabulary;
    }

    /**
     * @param logits float32 [rows, vocabulary]
     * @param draws for the rows, float64 [rows]
     */
    Chosen choose(GraphValue logits, Rows rows, GraphValue draws) {
        RowEdges edges = edges(rows);
        GraphValue allowed = masked(logits, allowed(rows, edges, room(edges.room, rows), within(rows)));
        GraphValue whole = masked(logits, allowed(rows, edges, edges.inside, yes(rows)));
        GraphValue token = new TokenDraw(graph, inputs, vocabulary).choose(allowed, draws);
        GraphValue fed = wide(token);
        GraphValue logProbability = logProbability(logits, fed);
        // no number is not at most 1: such a row has no answer
        GraphValue isFinite = graph.apply("LessOrEqual", logProbability, one());
        GraphValue isEnd = graph.apply("Or", graph.gather(0, inputs.ends, token), graph.apply("Not", isFinite));
        GraphValue wanted = graph.apply("Greater", largest(whole), largest(allowed));
        GraphValue open = graph.apply("Greater", rows.remaining, graph.integer(0));
        GraphValue left = graph.apply("Sub", rows.remaining, graph.integer(1));
        GraphValue remaining = graph.apply("Where", isEnd, graph.integer(0), left);
        return new Chosen(
                graph.apply("Where", open, token, graph.integer(-1)),
                logProbability,
                graph.apply("And", isEnd, wanted),
                fed,
                after(rows, edges, token, graph.apply("Where", open, remaining, graph.integer(0))));
    }

    private Rows after(Rows rows, RowEdges edges, GraphValue token, GraphValue remaining) {
        GraphValue here = graph.apply("Equal", edges.tokens, wide(token));
        GraphValue target = graph.apply(
                "ReduceMax",
                graph.apply("Where", here, edges.next, graph.integer(-1)),
                graph.onnx().integers(1));
        GraphValue byEdge = narrow(target);
        GraphValue hasEdge = graph.apply("GreaterOrEqual", byEdge, graph.integer(0));
        GraphValue state = graph.apply("Where", hasEdge, byEdge, field(rows, GrammarTable.Field.NEXT));
        GraphValue bin = graph.gather(0, inputs.bins, token);
        GraphValue room = graph.apply("Sub", rows.room, graph.integer(1));
        return new Rows(
                state,
                graph.apply("Where", at(rows, GrammarTable.Corner.TOP), bin, rows.top),
                graph.apply("Where", at(rows, GrammarTable.Corner.LEFT), bin, rows.left),
                room,
                remaining);
    }

    /** What may come next, bool [rows, vocabulary]: by groups and locations, by edges, and by ends. */
    private GraphValue allowed(Rows rows, RowEdges edges, GraphValue openEdges, GraphValue openGroups) {
        GraphValue group = graph.gather(0, inputs.groups, field(rows, GrammarTable.Field.GROUP));
        GraphValue steps = graph.apply("And", graph.apply("Or", group, locations(rows)), wide(openGroups));
        GraphValue mayEnd = graph.apply("Greater", field(rows, GrammarTable.Field.ENDS), graph.integer(0));
        GraphValue ends = graph.apply("And", wide(mayEnd), flat(inputs.ends));
        return graph.apply("Or", graph.apply("Or", steps, ends), scattered(edges.tokens, openEdges));
    }

    private GraphValue locations(Rows rows) {
        GraphValue last = graph.integer(TokenVocabulary.LOCATIONS - 1);
        GraphValue beforeLast = graph.integer(TokenVocabulary.LOCATIONS - 2);
        GraphValue none = graph.integer(TokenVocabulary.LOCATIONS);
        GraphValue far = graph.apply("Or", at(rows, GrammarTable.Corner.BOTTOM), at(rows, GrammarTable.Corner.RIGHT));
        GraphValue lowest = graph.apply("Where", at(rows, GrammarTable.Corner.NONE), none, graph.integer(0));
        lowest = graph.apply("Where", at(rows, GrammarTable.Corner.BOTTOM), next(rows.top), lowest);
        lowest = graph.apply("Where", at(rows, GrammarTable.Corner.RIGHT), next(rows.left), lowest);
        GraphValue highest = graph.apply("Where", far, last, beforeLast);
        GraphValue bins = flat(inputs.bins);
        return graph.apply(
                "And",
                graph.apply("GreaterOrEqual", bins, wide(lowest)),
                graph.apply("LessOrEqual", bins, wide(highest)));
    }

    private GraphValue next(GraphValue bin) {
        return graph.apply("Add", bin, graph.integer(1));
    }

    /** Tokens of edges that are not there lie behind the vocabulary. */
    private RowEdges edges(Rows rows) {
        GraphValue places = flat(inputs.edgePlaces);
        GraphValue inside = graph.apply("Less", places, wide(field(rows, GrammarTable.Field.EDGES)));
        GraphValue all = graph.apply("Add", wide(field(rows, GrammarTable.Field.FIRST_EDGE)), places);
        GraphValue numbers = graph.apply("Where", inside, all, graph.integer(0));
        GraphValue tokens = edge(GrammarTable.EdgeField.TOKEN, numbers);
        return new RowEdges(
                inside,
                graph.apply("Where", inside, tokens, graph.integer(vocabulary)),
                edge(GrammarTable.EdgeField.NEXT, numbers),
                edge(GrammarTable.EdgeField.ROOM, numbers));
    }

    private GraphValue edge(GrammarTable.EdgeField field, GraphValue numbers) {
        return graph.gather(0, graph.gather(0, inputs.edges, graph.integer(field.ordinal())), numbers);
    }

    /** Sets {@code flags} [rows, n] at {@code tokens} [rows, n] of false [rows, vocabulary]. */
    private GraphValue scattered(GraphValue tokens, GraphValue flags) {
        Tensor none = Tensor.allocate(ElementType.BOOL, 1, 1);
        GraphValue rows =
                graph.gather(0, graph.apply("Shape", tokens), graph.onnx().integers(0));
        GraphValue extents = graph.concat(0, rows, graph.onnx().integers(vocabulary + 1));
        GraphValue empty = graph.apply("Expand", graph.onnx().constant(none), extents);
        GraphValue set = graph.onnx()
                .node("ScatterElements", empty, tokens, flags)
                .integer("axis", 1)
                .output();
        return graph.apply(
                "Slice",
                set,
                graph.onnx().integers(0),
                graph.onnx().integers(vocabulary),
                graph.onnx().integers(1));
    }

    private GraphValue masked(GraphValue logits, GraphValue allowed) {
        return graph.apply("Where", allowed, logits, graph.number(Float.NEGATIVE_INFINITY));
    }

    private GraphValue largest(GraphValue logits) {
        return narrow(graph.apply("ReduceMax", logits, graph.onnx().integers(1)));
    }

    /** In float64, as outside the graph. */
    private GraphValue logProbability(GraphValue logits, GraphValue token) {
        GraphValue axis = graph.onnx().integers(1);
        GraphValue exact = graph.cast(logits, ElementType.FLOAT64);
        GraphValue largest = graph.apply("ReduceMax", exact, axis);
        GraphValue powers = graph.apply("Exp", graph.apply("Sub", exact, largest));
        GraphValue normaliser = graph.apply("Add", largest, graph.apply("Log", graph.apply("ReduceSum", powers, axis)));
        GraphValue chosen = graph.onnx()
                .node("GatherElements", exact, token)
                .integer("axis", 1)
                .output();
        return narrow(graph.apply("Sub", chosen, normaliser));
    }

    private GraphValue one() {
        Tensor one = Tensor.allocate(ElementType.FLOAT64);
        one.buffer().putDouble(1);
        return graph.onnx().constant(one);
    }

    private GraphValue within(Rows rows) {
        return graph.apply("LessOrEqual", field(rows, GrammarTable.Field.ROOM), rows.room);
    }

    private GraphValue yes(Rows rows) {
        return graph.apply("GreaterOrEqual", rows.state, graph.integer(0));
    }

    private GraphValue room(GraphValue needed, Rows rows) {
        return graph.apply("LessOrEqual", needed, wide(rows.room));
    }

    private GraphValue at(Rows rows, GrammarTable.Corner corner) {
        return graph.apply("Equal", field(rows, GrammarTable.Field.CORNER), graph.integer(corner.ordinal()));
    }

    private GraphValue field(Rows rows, GrammarTable.Field field) {
        return graph.gather(0, graph.gather(0, inputs.states, graph.integer(field.ordinal())), rows.state);
    }

    private GraphValue wide(GraphValue ofRows) {
        return graph.apply("Unsqueeze", ofRows, graph.onnx().integers(1));
    }

    private GraphValue flat(GraphValue ofTokens) {
        return graph.apply("Unsqueeze", ofTokens, graph.onnx().integers(0));
    }

    private GraphValue narrow(GraphValue column) {
        return graph.apply("Squeeze", column, graph.onnx().integers(1));
    }
}
