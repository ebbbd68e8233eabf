package io.palispark.paligemma;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.stream.IntStream;

/** The tokens that temperature, top-k and top-p leave, most probable first, with their probabilities. */
record TokenFilter(List<Integer> ids, double[] probabilities) {

    /** @param logits -inf marks tokens that are not allowed */
    static TokenFilter of(float[] logits, TokenChoice.Sampling sampling) {
        float worst = sampling.topK() == 0 ? -Float.MAX_VALUE : ranked(logits, sampling.topK());
        List<Integer> kept = IntStream.range(0, logits.length)
                .filter(id -> logits[id] >= worst)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer id) -> -logits[id]))
                .toList();
        if (kept.isEmpty()) {
            throw new IllegalStateException("Cannot choose a token: none is allowed");
        }
        double[] probabilities = softmax(logits, kept, sampling.temperature());
        int count = nucleus(probabilities, sampling.topP());
        double mass = Arrays.stream(probabilities, 0, count).sum();
        return new TokenFilter(
                kept.subList(0, count),
                Arrays.stream(probabilities, 0, count).map(p -> p / mass).toArray());
    }

    /** The logit at a rank counted from 1, or of the last token that is allowed. */
    private static float ranked(float[] logits, int rank) {
        PriorityQueue<Float> best = new PriorityQueue<>();
        for (float logit : logits) {
            if (logit > Float.NEGATIVE_INFINITY && (best.size() < rank || logit > best.element())) {
                best.add(logit);
                if (best.size() > rank) {
                    best.remove();
                }
            }
        }
        return best.isEmpty() ? -Float.MAX_VALUE : best.element();
    }

    private static double[] softmax(float[] logits, List<Integer> kept, double temperature) {
        double largest = logits[kept.get(0)];
        double[] weights = kept.stream()
                .mapToDouble(id -> Math.exp((logits[id] - largest) / temperature))
                .toArray();
        double sum = Arrays.stream(weights).sum();
        return Arrays.stream(weights).map(weight -> weight / sum).toArray();
    }

    /** From the tail, tokens go as long as the mass that goes is at most 1 - p; one stays. */
    private static int nucleus(double[] probabilities, double topP) {
        int count = probabilities.length;
        double gone = topP == 1 ? 1 : probabilities[count - 1];
        while (count > 1 && gone <= 1 - topP) {
            count--;
            gone += probabilities[count - 1];
        }
        return count;
    }

    /** The token at a place of the cumulated probabilities, 0 inclusive to 1 exclusive. */
    int at(double place) {
        double reached = 0;
        for (int i = 0; i < probabilities.length; i++) {
            reached += probabilities[i];
            if (place < reached) {
                return ids.get(i);
            }
        }
        return ids.get(ids.size() - 1);
    }
}
