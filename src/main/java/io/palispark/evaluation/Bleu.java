package io.palispark.evaluation;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * BLEU-1 to BLEU-4 of a corpus (Papineni et al., 2002; pycocoevalcap, {@code bleu_scorer.py}): n-gram counts clipped by
 * the reference that has most, and the length of the closest reference. The counts add up over images and partitions,
 * exactly.
 *
 * @param length tokens of the captions
 * @param referenceLength tokens of each caption's closest reference, the shorter one on a tie
 * @param guessed n-grams of the captions, for n = 1 to 4
 * @param correct those found in a reference
 */
public record Bleu(long length, long referenceLength, List<Long> guessed, List<Long> correct) implements Serializable {

    private static final double TINY = 1e-15;
    private static final double SMALL = 1e-9;

    public static final Bleu NONE = new Bleu(0, 0, List.of(0L, 0L, 0L, 0L), List.of(0L, 0L, 0L, 0L));

    public Bleu {
        guessed = List.copyOf(guessed);
        correct = List.copyOf(correct);
    }

    /** The counts of one image's caption against its references, all in tokens. */
    public static Bleu of(List<String> caption, List<List<String>> references) {
        List<Long> guessed = new ArrayList<>();
        List<Long> correct = new ArrayList<>();
        for (int n = 1; n <= NGrams.LONGEST; n++) {
            guessed.add((long) NGrams.total(caption, n));
            correct.add(clipped(caption, references, n));
        }
        return new Bleu(caption.size(), closest(caption.size(), references), guessed, correct);
    }

    private static long clipped(List<String> caption, List<List<String>> references, int n) {
        Map<List<String>, Integer> most = new HashMap<>();
        references.forEach(reference ->
                NGrams.counts(reference, n).forEach((ngram, count) -> most.merge(ngram, count, Math::max)));
        return NGrams.counts(caption, n).entrySet().stream()
                .mapToLong(entry -> Math.min(entry.getValue(), most.getOrDefault(entry.getKey(), 0)))
                .sum();
    }

    private static int closest(int length, List<List<String>> references) {
        return references.stream()
                .map(List::size)
                .min(Comparator.comparingInt((Integer size) -> Math.abs(size - length))
                        .thenComparingInt(size -> size))
                .orElseThrow(() -> new IllegalArgumentException("Cannot score a caption: it has no reference"));
    }

    public Bleu plus(Bleu other) {
        return new Bleu(
                length + other.length,
                referenceLength + other.referenceLength,
                sums(guessed, other.guessed),
                sums(correct, other.correct));
    }

    /** BLEU-1 to BLEU-4, each from 0 to 1. */
    public List<Double> scores() {
        double ratio = (length + TINY) / (referenceLength + SMALL);
        double brevity = ratio < 1 ? Math.exp(1 - 1 / ratio) : 1;
        List<Double> scores = new ArrayList<>();
        double product = 1;
        for (int n = 1; n <= NGrams.LONGEST; n++) {
            product *= (correct.get(n - 1) + TINY) / (guessed.get(n - 1) + SMALL);
            scores.add(Math.pow(product, 1.0 / n) * brevity);
        }
        return scores;
    }

    private static List<Long> sums(List<Long> left, List<Long> right) {
        List<Long> sums = new ArrayList<>();
        for (int index = 0; index < left.size(); index++) {
            sums.add(left.get(index) + right.get(index));
        }
        return sums;
    }
}
