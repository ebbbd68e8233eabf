package io.palispark.evaluation;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The metric that COCO's caption evaluation reports as CIDEr (Vedantam et al., 2015, variant D without stemming;
 * pycocoevalcap, {@code cider_scorer.py}). Rare n-grams weigh more, and rarity is counted over the references of the
 * whole set, so scoring takes two passes: count every image's references first, then score each caption.
 */
public final class Cider implements Serializable {

    private static final long serialVersionUID = 1L;
    private static final double TWO_SIGMA_SQUARED = 2 * 6.0 * 6.0;
    private static final int LENGTH_ORDER = 2;

    private final DocumentFrequencies frequencies;
    private final double logImages;

    public Cider(DocumentFrequencies frequencies) {
        this.frequencies = frequencies;
        this.logImages = Math.log(frequencies.images());
    }

    /**
     * In how many images' references an n-gram occurs.
     *
     * @param images number of images
     * @param counts by n-gram
     */
    public record DocumentFrequencies(long images, Map<List<String>, Long> counts) implements Serializable {

        public DocumentFrequencies {
            counts = Map.copyOf(counts);
        }

        /** Counts a set at hand; each element is one image's references in tokens. */
        public static DocumentFrequencies of(Iterable<List<List<String>>> images) {
            long seen = 0;
            Map<List<String>, Long> counts = new HashMap<>();
            for (List<List<String>> references : images) {
                seen++;
                ngrams(references).forEach(ngram -> counts.merge(ngram, 1L, Long::sum));
            }
            return new DocumentFrequencies(seen, counts);
        }

        /** The different n-grams of one image's references; counting these over all images gives the frequencies. */
        public static Set<List<String>> ngrams(List<List<String>> references) {
            Set<List<String>> ngrams = new HashSet<>();
            for (List<String> reference : references) {
                for (int n = 1; n <= NGrams.LONGEST; n++) {
                    ngrams.addAll(NGrams.counts(reference, n).keySet());
                }
            }
            return ngrams;
        }
    }

    /** The score of one caption against its references, all in tokens; from 0 to 10. */
    public double score(List<String> caption, List<List<String>> references) {
        if (references.isEmpty()) {
            throw new IllegalArgumentException("Cannot score a caption: it has no reference");
        }
        Vector hypothesis = vector(caption);
        double sum = 0;
        for (List<String> reference : references) {
            sum += hypothesis.similarity(vector(reference));
        }
        return sum / NGrams.LONGEST / references.size() * 10;
    }

    private Vector vector(List<String> tokens) {
        List<Map<List<String>, Double>> weights = new ArrayList<>();
        for (int n = 1; n <= NGrams.LONGEST; n++) {
            Map<List<String>, Double> weighted = new HashMap<>();
            NGrams.counts(tokens, n).forEach((ngram, count) -> weighted.put(ngram, count * rarity(ngram)));
            weights.add(weighted);
        }
        return new Vector(weights, NGrams.total(tokens, LENGTH_ORDER));
    }

    private double rarity(List<String> ngram) {
        return logImages - Math.log(Math.max(1, frequencies.counts().getOrDefault(ngram, 0L)));
    }

    /**
     * A caption as weights of its n-grams.
     *
     * @param weights one map for each n
     * @param length number of bigrams, which the reference takes for the length
     */
    private record Vector(List<Map<List<String>, Double>> weights, int length) {

        double similarity(Vector reference) {
            double delta = length - reference.length;
            double penalty = Math.exp(-(delta * delta) / TWO_SIGMA_SQUARED);
            double sum = 0;
            for (int n = 0; n < weights.size(); n++) {
                double product = norm(n) * reference.norm(n);
                double common = clipped(n, reference);
                sum += (product == 0 ? common : common / product) * penalty;
            }
            return sum;
        }

        private double clipped(int n, Vector reference) {
            double common = 0;
            for (Map.Entry<List<String>, Double> weight : weights.get(n).entrySet()) {
                double other = reference.weights.get(n).getOrDefault(weight.getKey(), 0.0);
                common += Math.min(weight.getValue(), other) * other;
            }
            return common;
        }

        private double norm(int n) {
            double squares = 0;
            for (double weight : weights.get(n).values()) {
                squares += weight * weight;
            }
            return Math.sqrt(squares);
        }
    }
}
