package io.palispark.evaluation;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleBiFunction;

/**
 * Soft-NMS (Bodla et al., ICCV 2017; as ensemble-boxes, {@code soft_nms}): instead of removing what overlaps a surer
 * detection of the same label, lowers its score, and drops it once the score is too low.
 *
 * @param decay how much an overlap lowers the score
 * @param least score that a detection must stay above
 */
public record SoftSuppression(Decay decay, double least) {

    /** The factor that an overlap puts on a score. */
    public sealed interface Decay {
        double factor(double overlap);
    }

    /** One minus the overlap where it is above the threshold. */
    public record Linear(double threshold) implements Decay {
        @Override
        public double factor(double overlap) {
            return overlap > threshold ? 1 - overlap : 1;
        }
    }

    /** {@code exp(-overlap^2 / sigma)} at any overlap; sigma is usually 0.5. */
    public record Gaussian(double sigma) implements Decay {
        @Override
        public double factor(double overlap) {
            return Math.exp(-(overlap * overlap) / sigma);
        }
    }

    /**
     * A kept detection.
     *
     * @param place in the list given
     * @param score lowered score
     */
    public record Kept(int place, double score) {}

    /**
     * The kept detections of one label, best lowered score first; of equal scores the earlier generated.
     *
     * @param detections in generation order
     * @param overlap from 0 to 1
     */
    public <S> List<Kept> kept(List<Detection<S>> detections, ToDoubleBiFunction<S, S> overlap) {
        List<Kept> kept = new ArrayList<>();
        List<Kept> left = new ArrayList<>();
        for (int place = 0; place < detections.size(); place++) {
            left.add(new Kept(place, detections.get(place).score()));
        }
        while (!left.isEmpty()) {
            Kept best = left.remove(best(left));
            if (best.score() > least) {
                kept.add(best);
            }
            S shape = detections.get(best.place()).shape();
            left.replaceAll(other -> new Kept(
                    other.place(),
                    other.score()
                            * decay.factor(overlap.applyAsDouble(
                                    shape, detections.get(other.place()).shape()))));
        }
        return kept;
    }

    private static int best(List<Kept> left) {
        int best = 0;
        for (int index = 1; index < left.size(); index++) {
            if (left.get(index).score() > left.get(best).score()) {
                best = index;
            }
        }
        return best;
    }
}
