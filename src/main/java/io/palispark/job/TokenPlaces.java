package io.palispark.job;

import io.palispark.job.Prediction.ModelText;
import io.palispark.paligemma.PaliGemmaTokenizer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** Where each token of a generated text stands in it, so that the probability of a part of the text can be asked for. */
final class TokenPlaces {

    private final int[] ends;
    private final List<Double> logProbabilities;

    private TokenPlaces(int[] ends, List<Double> logProbabilities) {
        this.ends = ends;
        this.logProbabilities = logProbabilities;
    }

    /** The places; empty where the tokens' texts do not add up to the text, as with another tokenizer's ids. */
    static Optional<TokenPlaces> of(ModelText text, PaliGemmaTokenizer tokenizer) {
        int[] ids = text.tokenIds().stream().mapToInt(Integer::intValue).toArray();
        StringBuilder together = new StringBuilder();
        int[] ends = new int[ids.length];
        for (int i = 0; i < ids.length; i++) {
            together.append(tokenizer.text(new int[] {ids[i]}));
            ends[i] = together.length();
        }
        if (!together.toString().equals(text.text())) {
            if (!tokenizer.text(ids).equals(text.text())) {
                return Optional.empty();
            }
            // characters of several tokens: only the tokens before tell how far each one reaches
            for (int i = 0; i < ids.length; i++) {
                int reached = tokenizer.text(Arrays.copyOf(ids, i + 1)).length();
                ends[i] =
                        Math.max(i == 0 ? 0 : ends[i - 1], Math.min(text.text().length(), reached));
            }
        }
        return Optional.of(new TokenPlaces(ends, text.logProbabilities()));
    }

    /** Sum and number of the log-probabilities of some tokens. */
    record Sum(double logProbability, int tokens) {

        static final Sum NONE = new Sum(0, 0);

        Sum plus(Sum other) {
            return new Sum(logProbability + other.logProbability, tokens + other.tokens);
        }

        /** Geometric mean of the probabilities; empty without tokens. */
        OptionalDouble mean() {
            return tokens == 0
                    ? OptionalDouble.empty()
                    : OptionalDouble.of(Math.min(1, Math.exp(logProbability / tokens)));
        }
    }

    /** Of all tokens that have a character in {@code [from, to)}. */
    Sum sum(int from, int to) {
        double sum = 0;
        int count = 0;
        int start = 0;
        for (int i = 0; i < ends.length && start < to; i++) {
            if (ends[i] > from && ends[i] > start) {
                sum += logProbabilities.get(i);
                count++;
            }
            start = ends[i];
        }
        return new Sum(sum, count);
    }
}
