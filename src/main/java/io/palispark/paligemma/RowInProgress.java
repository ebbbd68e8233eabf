package io.palispark.paligemma;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/** A row that is being written. */
final class RowInProgress {

    private final IdBuffer ids = new IdBuffer();
    private final List<Double> logProbabilities = new ArrayList<>();
    private final SplittableRandom random;
    private final Deque<Double> drawn = new ArrayDeque<>();
    private TokenGrammar grammar;
    private boolean open = true;
    private EndReason end = EndReason.LENGTH;
    private int last;

    RowInProgress(Generator.Request request, TokenChoice choice) {
        this.grammar = request.grammar();
        this.random = choice.random(request.number());
    }

    /** The newest token. */
    int last() {
        return last;
    }

    boolean isOpen() {
        return open;
    }

    /** Takes the next token; {@code logits} are changed. */
    void choose(float[] logits, TokenChoice choice, GenerationLimits limits) {
        double normaliser = LogProbabilities.normaliser(logits);
        if (!Double.isFinite(normaliser)) {
            endWithoutAnswer();
            return;
        }
        float[] raw = grammar == TokenGrammar.FREE ? logits : logits.clone();
        grammar.mask(logits);
        int id = choice.choose(logits, random);
        boolean full = limits.endIds().contains(id) && grammar.isFull(raw);
        take(id, raw[id] - normaliser, full, limits);
    }

    /** Takes the tokens that a model chose by itself. */
    void take(DecodingLoop.Written written, GenerationLimits limits) {
        for (int i = 0; open && i < written.ids().size(); i++) {
            drawn.poll();
            take(written.ids().get(i), written.logProbabilities().get(i), written.full(), limits);
        }
    }

    private void take(int id, double logProbability, boolean full, GenerationLimits limits) {
        if (!Double.isFinite(logProbability)) {
            endWithoutAnswer();
            return;
        }
        last = id;
        ids.add(id);
        logProbabilities.add(logProbability);
        if (limits.endIds().contains(id)) {
            open = false;
            end = full ? EndReason.FULL : EndReason.END_TOKEN;
        } else if (logProbabilities.size() == limits.newTokens()) {
            open = false;
        } else {
            grammar = grammar.after(id);
        }
    }

    private void endWithoutAnswer() {
        open = false;
        end = EndReason.NOT_FINITE;
    }

    /** What a model needs to go on with this row by itself; empty where it does not know the grammar. */
    Optional<DecodingLoop.Row> planned(GrammarTable table, TokenChoice choice, GenerationLimits limits) {
        int remaining = limits.newTokens() - logProbabilities.size();
        return table.place(grammar).map(place -> new DecodingLoop.Row(place, remaining, draws(choice, remaining)));
    }

    /** The row's next numbers; those that are not used come again. */
    private double[] draws(TokenChoice choice, int count) {
        if (choice instanceof TokenChoice.Greedy) {
            return new double[0];
        }
        while (drawn.size() < count) {
            drawn.add(random.nextDouble());
        }
        return drawn.stream().limit(count).mapToDouble(Double::doubleValue).toArray();
    }

    Generated generated() {
        return new Generated(
                ids.toArray(),
                logProbabilities.stream().mapToDouble(Double::doubleValue).toArray(),
                end);
    }
}
