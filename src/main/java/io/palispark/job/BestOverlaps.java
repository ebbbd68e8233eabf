package io.palispark.job;

import io.palispark.evaluation.ImageObjects;
import io.palispark.evaluation.Overlap;
import io.palispark.evaluation.Truth;
import io.palispark.job.ImageOutcome.Mean;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Pairs annotated objects and detections by overlap alone, the largest first. */
final class BestOverlaps {

    private BestOverlaps() {}

    /** @param truth place of the annotated object; crowd regions have no pairs */
    private record Pair(int truth, int detection, double overlap) {}

    /** The overlaps of all annotated objects but crowd regions, 0 for those without a partner. */
    static <S> Mean mean(ImageObjects<S> objects, Overlap<S> overlap) {
        List<Pair> pairs = new ArrayList<>();
        long wanted = 0;
        for (int truth = 0; truth < objects.truths().size(); truth++) {
            Truth<S> object = objects.truths().get(truth);
            wanted += object.crowd() ? 0 : 1;
            for (int detection = 0;
                    !object.crowd() && detection < objects.detections().size();
                    detection++) {
                double common =
                        overlap.between(objects.detections().get(detection).shape(), object);
                if (common > 0) {
                    pairs.add(new Pair(truth, detection, common));
                }
            }
        }
        pairs.sort(Comparator.comparingDouble((Pair pair) -> -pair.overlap())
                .thenComparingInt(Pair::truth)
                .thenComparingInt(Pair::detection));
        boolean[] found = new boolean[objects.truths().size()];
        boolean[] used = new boolean[objects.detections().size()];
        double sum = 0;
        for (Pair pair : pairs) {
            if (!found[pair.truth()] && !used[pair.detection()]) {
                found[pair.truth()] = true;
                used[pair.detection()] = true;
                sum += pair.overlap();
            }
        }
        return new Mean(sum, wanted);
    }
}
