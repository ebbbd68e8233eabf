package io.palispark.paligemma;

import java.io.Serializable;
import java.util.SplittableRandom;

/** How the next token is taken from the logits of one row. */
public sealed interface TokenChoice extends Serializable {

    /**
     * The id of the next token.
     *
     * @param logits of the whole vocabulary; -inf for tokens that may not come
     * @param random the row's own source of numbers
     */
    int choose(float[] logits, SplittableRandom random);

    /** The source of numbers of a row, the same whatever else is in its batch. */
    SplittableRandom random(long row);

    /** The most probable token; on ties the lowest id. */
    record Greedy() implements TokenChoice {
        @Override
        public int choose(float[] logits, SplittableRandom random) {
            int best = 0;
            for (int id = 1; id < logits.length; id++) {
                if (logits[id] > logits[best]) {
                    best = id;
                }
            }
            return best;
        }

        @Override
        public SplittableRandom random(long row) {
            return new SplittableRandom(row);
        }
    }

    /**
     * A random token: divide by the temperature, keep the {@code topK} best (ties with the last stay), then the
     * fewest that reach {@code topP}, then draw. The order is that of transformers.
     *
     * @param temperature above 0; 1 leaves the probabilities as they are
     * @param topK how many tokens are kept, 0 for all
     * @param topP probability mass that is kept, above 0 and up to 1; 1 for all
     * @param seed with the row's own number, decides every draw
     */
    record Sampling(double temperature, int topK, double topP, long seed) implements TokenChoice {
        public Sampling {
            if (!(temperature > 0) || Double.isInfinite(temperature)) {
                throw new IllegalArgumentException(
                        "Cannot sample at temperature " + temperature + ": above 0 is needed");
            }
            if (topK < 0 || !(topP > 0 && topP <= 1)) {
                throw new IllegalArgumentException("Cannot sample with top-k " + topK + " and top-p " + topP
                        + ": k >= 0 and 0 < p <= 1 are needed");
            }
        }

        @Override
        public int choose(float[] logits, SplittableRandom random) {
            return TokenFilter.of(logits, this).at(random.nextDouble());
        }

        @Override
        public SplittableRandom random(long row) {
            return new SplittableRandom(new SplittableRandom(seed).nextLong() ^ new SplittableRandom(row).nextLong());
        }
    }
}
