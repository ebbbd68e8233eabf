package io.palispark.evaluation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleBiFunction;
import java.util.stream.IntStream;

/**
 * Greedy removal of detections that overlap a surer one of the same label (as ensemble-boxes, {@code nms}). Works on
 * boxes ({@code Box::iou}) and masks ({@code RunLengthMask::iou}) alike; of equal scores the earlier generated is kept.
 *
 * @param threshold overlap that is still kept; above it the less sure detection goes
 */
public record NonMaximumSuppression(double threshold) {

    /**
     * The places of the kept detections of one label, best score first.
     *
     * @param detections in generation order
     * @param overlap from 0 to 1
     */
    public <S> List<Integer> kept(List<Detection<S>> detections, ToDoubleBiFunction<S, S> overlap) {
        List<Integer> kept = new ArrayList<>();
        for (int place : byScore(detections)) {
            S shape = detections.get(place).shape();
            if (kept.stream()
                    .noneMatch(
                            surer -> overlap.applyAsDouble(detections.get(surer).shape(), shape) > threshold)) {
                kept.add(place);
            }
        }
        return kept;
    }

    private static <S> List<Integer> byScore(List<Detection<S>> detections) {
        return IntStream.range(0, detections.size())
                .boxed()
                .sorted(Comparator.comparingDouble(
                                (Integer place) -> detections.get(place).score())
                        .reversed())
                .toList();
    }
}
