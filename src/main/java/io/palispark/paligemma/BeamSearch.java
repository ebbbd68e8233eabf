package io.palispark.paligemma;

import io.palispark.tensor.Tensor;
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
public record BeamSearch(int beams, double lengthPenalty, Stop stop, LogitCap cap) {

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

    /** A found sequence, its end token included where it came. */
    public record Hypothesis(int[] ids, double score) {}

    private record Candidate(int beam, int id, double sum) {}

    private record Beam(int[] ids, double sum) {}

    /** The best sequences of one prompt, best first. */
    public List<Hypothesis> search(LanguageModel model, PromptRow prompt, GenerationLimits limits) {
        LanguageModel.Prediction prediction = model.prefill(List.of(prompt));
        List<Beam> open = List.of(new Beam(new int[0], 0));
        List<Hypothesis> stored = List.of();
        while (true) {
            List<Candidate> best = candidates(model, prediction.logits(), open, 2 * beams);
            List<Hypothesis> found = new ArrayList<>(stored);
            List<Candidate> next = new ArrayList<>();
            int length = open.get(0).ids.length + 1;
            boolean full = stop == Stop.WHEN_FULL && stored.size() == beams;
            for (int rank = 0; rank < best.size(); rank++) {
                Candidate candidate = best.get(rank);
                boolean ends = limits.endIds().contains(candidate.id) || length == limits.newTokens();
                if (ends && rank < beams && !full) {
                    found.add(new Hypothesis(
                            append(open.get(candidate.beam).ids, candidate.id),
                            candidate.sum / Math.pow(length, lengthPenalty)));
                } else if (!ends && next.size() < beams) {
                    next.add(candidate);
                }
            }
            found.sort(Comparator.comparingDouble((Hypothesis hypothesis) -> -hypothesis.score));
            stored = List.copyOf(found.subList(0, Math.min(beams, found.size())));
            if (next.isEmpty() || isOver(stored, next.get(0).sum, length)) {
                return stored;
            }
            List<Beam> parents = open;
            open = next.stream()
                    .map(candidate -> new Beam(append(parents.get(candidate.beam).ids, candidate.id), candidate.sum))
                    .toList();
            KvCache cache = prediction
                    .cache()
                    .select(next.stream().mapToInt(Candidate::beam).toArray());
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

    /** The {@code count} best continuations over all beams. */
    private List<Candidate> candidates(LanguageModel model, Tensor logits, List<Beam> open, int count) {
        FloatBuffer values = logits.buffer().asFloatBuffer();
        float[] row = new float[Math.toIntExact(logits.extent(1))];
        List<Candidate> candidates = new ArrayList<>();
        for (int beam = 0; beam < open.size(); beam++) {
            values.get(beam * row.length, row);
            if (cap == LogitCap.CONFIGURED) {
                model.config().text().finalCap().ifPresent(bound -> LogProbabilities.cap(row, bound));
            }
            double start = open.get(beam).sum - LogProbabilities.normaliser(row);
            for (int id : best(row, count)) {
                candidates.add(new Candidate(beam, id, start + row[id]));
            }
        }
        candidates.sort(Comparator.comparingDouble((Candidate candidate) -> -candidate.sum));
        return candidates.subList(0, Math.min(count, candidates.size()));
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

    private static int[] append(int[] ids, int id) {
        int[] longer = Arrays.copyOf(ids, ids.length + 1);
        longer[ids.length] = id;
        return longer;
    }
}
