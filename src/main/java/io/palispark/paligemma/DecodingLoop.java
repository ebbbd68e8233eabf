package io.palispark.paligemma;

import io.palispark.tensor.ElementType;
import io.palispark.tensor.SessionChain;
import io.palispark.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.DoubleBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;

/**
 * Runs a model that has a {@link GemmaLoop}: many tokens for every row in one call.
 *
 * @param free table of a grammar that allows everything, as inputs
 */
record DecodingLoop(TextConfig text, SessionChain sessions, Map<String, Tensor> free) {

    private static final TokenChoice.Sampling NO_FILTER = new TokenChoice.Sampling(1, 0, 1, 0);

    static DecodingLoop of(TextConfig text, SessionChain sessions) {
        GrammarTable table = new GrammarTable(Math.toIntExact(text.vocabulary()));
        return new DecodingLoop(text, sessions, table.inputs());
    }

    /**
     * A row that is to be gone on with.
     *
     * @param remaining tokens until it is cut
     * @param draws numbers from 0 to 1, one for each of these tokens; none where no token is drawn
     */
    record Row(GrammarTable.Place place, int remaining, double[] draws) {}

    /**
     * How far rows are gone on with.
     *
     * @param table that has the places of the rows, as {@link GrammarTable#inputs}
     * @param leastOpen the call ends when fewer rows than that are open
     */
    record Plan(Map<String, Tensor> table, List<Row> rows, TokenChoice choice, Set<Integer> endIds, int leastOpen) {

        /** Whether rows may be left open, so that their keys and values are of use after the call. */
        boolean leavesRowsOpen() {
            return leastOpen > 1;
        }

        private int tokens() {
            return rows.stream().mapToInt(Row::remaining).max().orElseThrow();
        }
    }

    /** What a row got: its tokens, and whether the last ended it for want of room only. */
    record Written(List<Integer> ids, List<Double> logProbabilities, boolean full) {}

    /** @param cache of all rows, where some may be open; it lacks the last token of each */
    record Stretch(List<Written> rows, Optional<KvCache> cache) {}

    /**
     * Lets the model see tokens and goes on from there.
     *
     * @param seen inputs of {@link GemmaGraph} for prompts, or for the last token of each row
     * @param padding columns before each row's first token
     */
    Stretch run(Map<String, Tensor> seen, int[] padding, Plan plan) {
        Map<String, Tensor> inputs = new LinkedHashMap<>(seen);
        inputs.putAll(inputs(plan));
        inputs.put(
                GemmaLoop.PADDING, vector(IntStream.of(padding).asLongStream().toArray()));
        Set<String> wanted = new LinkedHashSet<>();
        for (String part : List.of(GemmaLoop.FIRST, GemmaLoop.LATER)) {
            wanted.addAll(List.of(part + GemmaLoop.TOKENS, part + GemmaLoop.LOG_PROBABILITIES, part + GemmaLoop.FULL));
        }
        if (plan.leavesRowsOpen()) {
            wanted.addAll(KvCache.outputNames(text));
        }
        Map<String, Tensor> outputs = sessions.run(inputs, wanted);
        Optional<KvCache> cache =
                plan.leavesRowsOpen() ? Optional.of(KvCache.of(text, outputs, padding)) : Optional.empty();
        return new Stretch(written(outputs, padding.length), cache);
    }

    /** What a graph with a loop needs to be left after the logits. */
    Map<String, Tensor> idle(int rows) {
        Row over = new Row(new GrammarTable.Place(GrammarTable.FREE, 0, 0, 0), 1, new double[0]);
        Plan plan = new Plan(free, Collections.nCopies(rows, over), new TokenChoice.Greedy(), Set.of(), 1);
        Map<String, Tensor> inputs = inputs(plan);
        inputs.put(GemmaLoop.PADDING, vector(new long[rows]));
        return inputs;
    }

    private Map<String, Tensor> inputs(Plan plan) {
        Map<String, Tensor> inputs = new LinkedHashMap<>(plan.table);
        inputs.put(GemmaLoop.STATE, each(plan, row -> row.place.state()));
        inputs.put(GemmaLoop.TOP, each(plan, row -> row.place.top()));
        inputs.put(GemmaLoop.LEFT, each(plan, row -> row.place.left()));
        inputs.put(GemmaLoop.ROOM, each(plan, row -> row.place.room()));
        inputs.put(GemmaLoop.REMAINING, each(plan, Row::remaining));
        inputs.put(GemmaLoop.STEPS, number(plan.tokens() - 1));
        inputs.put(GemmaLoop.LEAST, number(plan.leastOpen));
        BitSet ends = new BitSet();
        plan.endIds.forEach(ends::set);
        int vocabulary = Math.toIntExact(text.vocabulary());
        inputs.put(
                TokenChoiceGraph.ENDS,
                GrammarTable.flags(List.of(ends), vocabulary).reshaped(vocabulary));
        putChoice(inputs, plan, vocabulary);
        return inputs;
    }

    private static void putChoice(Map<String, Tensor> inputs, Plan plan, int vocabulary) {
        boolean draws = plan.choice instanceof TokenChoice.Sampling;
        TokenChoice.Sampling sampling = draws ? (TokenChoice.Sampling) plan.choice : NO_FILTER;
        Tensor samples = Tensor.allocate(ElementType.BOOL);
        samples.buffer().put(draws ? (byte) 1 : 0);
        inputs.put(TokenChoiceGraph.SAMPLES, samples);
        inputs.put(TokenChoiceGraph.TEMPERATURE, number(sampling.temperature()));
        inputs.put(TokenChoiceGraph.TOP_K, vector(new long[] {sampling.topK() == 0 ? vocabulary : sampling.topK()}));
        inputs.put(TokenChoiceGraph.TOP_P, number(sampling.topP()));
        inputs.put(TokenChoiceGraph.DRAWS, draws(plan));
    }

    private static Tensor draws(Plan plan) {
        int rows = plan.rows.size();
        Tensor draws = Tensor.allocate(ElementType.FLOAT64, plan.tokens(), rows);
        DoubleBuffer numbers = draws.buffer().asDoubleBuffer();
        for (int row = 0; row < rows; row++) {
            double[] own = plan.rows.get(row).draws;
            for (int step = 0; step < own.length; step++) {
                numbers.put(step * rows + row, own[step]);
            }
        }
        return draws;
    }

    private static Tensor each(Plan plan, ToLongFunction<Row> number) {
        return vector(plan.rows.stream().mapToLong(number).toArray());
    }

    private static Tensor vector(long[] numbers) {
        return Tensor.of(numbers, numbers.length);
    }

    private static Tensor number(long value) {
        return Tensor.of(new long[] {value});
    }

    private static Tensor number(double value) {
        Tensor number = Tensor.allocate(ElementType.FLOAT64);
        number.buffer().putDouble(value);
        return number;
    }

    private static List<Written> written(Map<String, Tensor> outputs, int rows) {
        List<Written> written = new ArrayList<>();
        for (int row = 0; row < rows; row++) {
            List<Integer> ids = new ArrayList<>();
            List<Double> logProbabilities = new ArrayList<>();
            boolean full = false;
            for (String part : List.of(GemmaLoop.FIRST, GemmaLoop.LATER)) {
                long[] tokens = outputs.get(part + GemmaLoop.TOKENS).longs();
                DoubleBuffer logs =
                        outputs.get(part + GemmaLoop.LOG_PROBABILITIES).buffer().asDoubleBuffer();
                ByteBuffer ends = outputs.get(part + GemmaLoop.FULL).buffer();
                for (int at = row; at < tokens.length && tokens[at] >= 0; at += rows) {
                    ids.add(Math.toIntExact(tokens[at]));
                    logProbabilities.add(logs.get(at));
                    full = ends.get(at) != 0;
                }
            }
            written.add(new Written(ids, logProbabilities, full));
        }
        return written;
    }
}
