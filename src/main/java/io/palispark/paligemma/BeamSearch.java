package io.palispark.paligemma;

import io.palispark.tensor.Tensor;
import java.io.Serializable;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Beam search as transformers does it (huggingface/transformers: src/transformers/generation/utils.py): a sequence that
 * ends is stored with its sum of log-probabilities over length to the power of the length penalty.
 *
 * @param beams sequences kept side by side
 * @param lengthPenalty 1 for the mean, 0 for the sum of log-probabilities
 * @param stop when the search ends before the length limit
 * @param cap of the logits that the probabilities are taken from
 */
public record BeamSearch(int beams, double lengthPenalty, Stop stop, LogitCap cap) implements Serializable {

    /** When a search ends. */
    public enum Stop {
        /** As soon as as many sequences are stored as there are beams. */
        WHEN_FULL,
        /** When the best open sequence, at its present length, cannot beat the worst stored one. */
        WHEN_NO_BETTER
    }

    /** Which logits the probabilities are taken from. */
    public enum LogitCap {
        RAW,
        /** Bent off by the checkpoint's final soft cap, as transformers does before 4.52 and from 5.23. */
        CONFIGURED
    }

    /**
     * A found sequence.
     *
     * @param score its sum of log-probabilities over its length to the power of the length penalty
     */
    public record Hypothesis(Generated generated, double score) {}

    /** @param end why a sequence that takes this token would end; {@link EndReason#LENGTH} when the token does not say */
    private record Candidate(int row, Beam parent, int id, double logProbability, EndReason end) {

        double sum() {
            return parent.sum + logProbability;
        }

        Beam taken() {
            int length = parent.ids.length;
            int[] ids = Arrays.copyOf(parent.ids, length + 1);
            ids[length] = id;
            double[] logProbabilities = Arrays.copyOf(parent.logProbabilities, length + 1);
            logProbabilities[length] = logProbability;
            return new Beam(ids, logProbabilities, sum(), parent.grammar.after(id));
        }

        /** An end token leads to no grammar. */
        Hypothesis ended(double lengthPenalty) {
            int length = parent.ids.length + 1;
            int[] ids = Arrays.copyOf(parent.ids, length);
            ids[length - 1] = id;
            double[] logProbabilities = Arrays.copyOf(parent.logProbabilities, length);
            logProbabilities[length - 1] = logProbability;
            return new Hypothesis(new Generated(ids, logProbabilities, end), sum() / Math.pow(length, lengthPenalty));
        }
    }

    private record Beam(int[] ids, double[] logProbabilities, double sum, TokenGrammar grammar) {

        Hypothesis notFinite() {
            return new Hypothesis(new Generated(ids, logProbabilities, EndReason.NOT_FINITE), Double.NEGATIVE_INFINITY);
        }
    }

    /**
     * The best sequences of one prompt, best first; log-probabilities are those of the logits that {@link #cap} names.
     * One sequence that is {@link EndReason#NOT_FINITE} when that is how the search ended.
     */
    public List<Hypothesis> search(LanguageModel model, Generator.Request request, GenerationLimits limits) {
        LanguageModel.Prediction prediction = model.prefill(List.of(request.prompt()));
        List<Beam> open = List.of(new Beam(new int[0], new double[0], 0, request.grammar()));
        List<Hypothesis> stored = List.of();
        while (true) {
            List<Candidate> best = candidates(model, prediction.logits(), open, limits);
            if (best.isEmpty()) {
                return List.of(open.get(0).notFinite());
            }
            List<Hypothesis> found = new ArrayList<>(stored);
            List<Candidate> next = new ArrayList<>();
            int length = open.get(0).ids.length + 1;
            boolean full = stop == Stop.WHEN_FULL && stored.size() == beams;
            for (int rank = 0; rank < best.size(); rank++) {
                Candidate candidate = best.get(rank);
                boolean ends = candidate.end != EndReason.LENGTH || length == limits.newTokens();
                if (ends && rank < beams && !full) {
                    found.add(candidate.ended(lengthPenalty));
                } else if (!ends && next.size() < beams) {
                    next.add(candidate);
                }
            }
            found.sort(Comparator.comparingDouble((Hypothesis hypothesis) -> -hypothesis.score));
            stored = List.copyOf(found.subList(0, Math.min(beams, found.size())));
            if (next.isEmpty() || isOver(stored, next.get(0).sum(), length)) {
                return stored;
            }
            open = next.stream().map(Candidate::taken).toList();
            KvCache cache = prediction
                    .cache()
                    .select(next.stream().mapToInt(Candidate::row).toArray());
            prediction = model.next(cache, next.stream().mapToInt(Candidate::id).toArray());
        }
    }

    private boolean isOver(List<Hypothesis> stored, double bestSum, int length) {
        if (stored.size() < beams) {
            return false;
        }
        return switch (stop) {
            case WHEN_FULL -> true;
            case WHEN_NO_BETTER -> bestSum / Math.pow(length, lengthPenalty) <= stored.get(stored.size() - 1).score;
        };
    }

    /**
     * The best continuations over all beams, twice as many as there are beams so that ends leave enough; none when the
     * logits of a beam are not finite.
     */
    private List<Candidate> candidates(LanguageModel model, Tensor logits, List<Beam> open, GenerationLimits limits) {
        FloatBuffer values = logits.buffer().asFloatBuffer();
        float[] raw = new float[Math.toIntExact(logits.extent(1))];
        List<Candidate> candidates = new ArrayList<>();
        for (int row = 0; row < open.size(); row++) {
            Beam beam = open.get(row);
            values.get(row * raw.length, raw);
            if (cap == LogitCap.CONFIGURED) {
                model.config().text().finalCap().ifPresent(bound -> LogProbabilities.cap(raw, bound));
            }
            double normaliser = LogProbabilities.normaliser(raw);
            if (!Double.isFinite(normaliser)) {
                return List.of();
            }
            float[] allowed = raw.clone();
            beam.grammar.mask(allowed);
            for (int id : best(allowed, 2 * beams)) {
                if (allowed[id] > Float.NEGATIVE_INFINITY) {
                    EndReason end = end(beam, id, raw, limits);
                    candidates.add(new Candidate(row, beam, id, raw[id] - normaliser, end));
                }
            }
        }
        candidates.sort(Comparator.comparingDouble((Candidate candidate) -> -candidate.sum()));
        return candidates.subList(0, Math.min(2 * beams, candidates.size()));
    }

    private static EndReason end(Beam beam, int id, float[] raw, GenerationLimits limits) {
        if (!limits.endIds().contains(id)) {
            return EndReason.LENGTH;
        }
        return beam.grammar.isFull(raw) ? EndReason.FULL : EndReason.END_TOKEN;
    }

    private static int[] best(float[] logits, int count) {
        int[] best = new int[0];
        for (int id = 0; id < logits.length; id++) {
            if (best.length < count || logits[id] > logits[best[count - 1]]) {
                best = inserted(best, id, count, logits);
            }
        }
        return best;
    }

    private static int[] inserted(int[] best, int id, int count, float[] logits) {
        return IntStream.concat(Arrays.stream(best), IntStream.of(id))
                .boxed()
                .sorted(Comparator.comparingDouble((Integer token) -> -logits[token]))
                .limit(count)
                .mapToInt(Integer::intValue)
                .toArray();
    }
}
