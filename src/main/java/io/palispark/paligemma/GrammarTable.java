package io.palispark.paligemma;

import io.palispark.tensor.ElementType;
import io.palispark.tensor.Tensor;
import io.palispark.token.TokenVocabulary;
import java.nio.ByteBuffer;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;

/**
 * Grammars as tables of states that a graph can follow by itself, see {@link TokenChoiceGraph}. A state allows the tokens
 * of a group, of a range of locations and of its edges, each where the row has room enough, and the end tokens. Grows
 * with the grammars that are looked up; not safe for concurrent use.
 */
final class GrammarTable {

    /** What a state allows of the locations, the n-th corner of an object. */
    enum Corner {
        NONE,
        TOP,
        LEFT,
        BOTTOM,
        RIGHT
    }

    /** Columns of a state. */
    enum Field {
        /** Allowed tokens, a row of the groups. */
        GROUP,
        /** 1 where the answer may end. */
        ENDS,
        /** Ordinal of a {@link Corner}. */
        CORNER,
        /** Least room, this token included, for a token of the group or a location. */
        ROOM,
        /** State after a token of the group or a location. */
        NEXT,
        /** First of its edges. */
        FIRST_EDGE,
        /** Number of its edges. */
        EDGES
    }

    /** Columns of an edge. */
    enum EdgeField {
        TOKEN,
        /** State after the token, which comes before what the group says. */
        NEXT,
        /** Least room, this token included. */
        ROOM
    }

    /** The place of one row: a state and what it remembers of the corners, and how many tokens it may still write. */
    record Place(int state, int top, int left, int room) {}

    /** An edge to a state. */
    record Edge(int token, int next, int room) {}

    /**
     * A state.
     *
     * @param group of {@link #group}
     * @param next after a token of the group or a location
     */
    record State(int group, boolean ends, Corner corner, int room, int next, List<Edge> edges) {}

    /** The state of rows that may say anything, for ever. */
    static final int FREE = 0;

    private static final int NO_ROOM_NEEDED = 0;

    private final int vocabulary;
    private final List<BitSet> groups = new ArrayList<>();
    private final Map<BitSet, Integer> groupNumbers = new HashMap<>();
    private final List<State> states = new ArrayList<>();
    private final Map<ObjectTokens, ObjectStates> grammars = new IdentityHashMap<>();
    private final long[] bins;

    GrammarTable(int vocabulary) {
        this.vocabulary = vocabulary;
        this.bins = new long[vocabulary];
        Arrays.fill(bins, -1);
        BitSet all = new BitSet();
        all.set(0, vocabulary);
        states.add(new State(group(all), true, Corner.NONE, NO_ROOM_NEEDED, FREE, List.of()));
    }

    /** The place of a grammar; empty for one that is not known here, which has to be asked token by token. */
    Optional<Place> place(TokenGrammar grammar) {
        if (grammar == TokenGrammar.FREE) {
            return Optional.of(new Place(FREE, 0, 0, Integer.MAX_VALUE));
        }
        return grammar instanceof ObjectGrammar objects ? Optional.of(objects.in(this)) : Optional.empty();
    }

    /** The number of a set of tokens. */
    int group(BitSet tokens) {
        return groupNumbers.computeIfAbsent(tokens, added -> {
            groups.add(added);
            return groups.size() - 1;
        });
    }

    /** The states of answers of objects, which are added where they are new. */
    ObjectStates states(ObjectTokens tokens) {
        return grammars.computeIfAbsent(tokens, added -> {
            for (int bin = 0; bin < TokenVocabulary.LOCATIONS; bin++) {
                bins[added.location(bin)] = bin;
            }
            return ObjectStates.added(this, added);
        });
    }

    /** Number of states so far: what the next one will have. */
    int size() {
        return states.size();
    }

    void add(State state) {
        states.add(state);
    }

    /** As inputs of {@link TokenChoiceGraph}. */
    Map<String, Tensor> inputs() {
        List<Edge> edges = new ArrayList<>();
        Tensor stateTable = Tensor.allocate(ElementType.INT64, Field.values().length, states.size());
        LongBuffer fields = stateTable.buffer().asLongBuffer();
        for (int i = 0; i < states.size(); i++) {
            State state = states.get(i);
            for (Field field : Field.values()) {
                fields.put(field.ordinal() * states.size() + i, number(state, field, edges.size()));
            }
            edges.addAll(state.edges);
        }
        int most = states.stream().mapToInt(state -> state.edges.size()).max().orElseThrow();
        Map<String, Tensor> inputs = new LinkedHashMap<>();
        inputs.put(TokenChoiceGraph.STATES, stateTable);
        inputs.put(TokenChoiceGraph.EDGES, table(edges));
        inputs.put(TokenChoiceGraph.EDGE_PLACES, range(Math.max(1, most)));
        inputs.put(TokenChoiceGraph.GROUPS, flags(groups, vocabulary));
        inputs.put(TokenChoiceGraph.BINS, Tensor.of(bins, vocabulary));
        return inputs;
    }

    private static long number(State state, Field field, int firstEdge) {
        return switch (field) {
            case GROUP -> state.group;
            case ENDS -> state.ends ? 1 : 0;
            case CORNER -> state.corner.ordinal();
            case ROOM -> state.room;
            case NEXT -> state.next;
            case FIRST_EDGE -> firstEdge;
            case EDGES -> state.edges.size();
        };
    }

    /** [fields, edges], with one edge that no state has where there is none. */
    private static Tensor table(List<Edge> edges) {
        int count = Math.max(1, edges.size());
        long[] numbers = new long[EdgeField.values().length * count];
        for (int i = 0; i < edges.size(); i++) {
            Edge edge = edges.get(i);
            numbers[EdgeField.TOKEN.ordinal() * count + i] = edge.token;
            numbers[EdgeField.NEXT.ordinal() * count + i] = edge.next;
            numbers[EdgeField.ROOM.ordinal() * count + i] = edge.room;
        }
        return Tensor.of(numbers, EdgeField.values().length, count);
    }

    private static Tensor range(int count) {
        return Tensor.of(LongStream.range(0, count).toArray(), count);
    }

    /** Which tokens are in each of some sets, bool [sets, vocabulary]. */
    static Tensor flags(List<BitSet> sets, int vocabulary) {
        Tensor flags = Tensor.allocate(ElementType.BOOL, sets.size(), vocabulary);
        ByteBuffer bytes = flags.buffer();
        for (int set = 0; set < sets.size(); set++) {
            int start = set * vocabulary;
            sets.get(set).stream().filter(id -> id < vocabulary).forEach(id -> bytes.put(start + id, (byte) 1));
        }
        return flags;
    }
}
