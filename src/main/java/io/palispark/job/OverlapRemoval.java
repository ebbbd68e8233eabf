package io.palispark.job;

import io.palispark.evaluation.Detection;
import io.palispark.evaluation.NonMaximumSuppression;
import io.palispark.evaluation.SoftSuppression;
import io.palispark.geometry.Box;
import io.palispark.geometry.RunLengthMask;
import io.palispark.job.AnswerRules.Suppression;
import io.palispark.job.Prediction.DetectedObject;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToDoubleBiFunction;
import java.util.stream.IntStream;

/** Suppression of objects of one answer that overlap a surer one of the same label. */
record OverlapRemoval(Suppression rule) {

    /** The code that tells of a suppressed object. */
    static final String DEFECT = "overlap-suppressed";

    /** Objects below this lowered score go (ensemble-boxes' default). */
    private static final double LEAST_SCORE = 0.001;

    /**
     * What is left.
     *
     * @param objects best first; in their old order where nothing is suppressed
     * @param removed places of the others, ascending
     */
    record Result(List<DetectedObject> objects, List<Integer> removed) {}

    /** A kept object and its place. */
    private record Kept(int place, DetectedObject object) {}

    Result apply(List<DetectedObject> objects) {
        if (rule.method() == Suppression.Method.NONE) {
            return new Result(objects, List.of());
        }
        Map<String, List<Integer>> places = new LinkedHashMap<>();
        for (int place = 0; place < objects.size(); place++) {
            places.computeIfAbsent(objects.get(place).label(), label -> new ArrayList<>())
                    .add(place);
        }
        List<Kept> kept = new ArrayList<>();
        places.values().forEach(label -> kept.addAll(kept(objects, label)));
        kept.sort(
                Comparator.comparingDouble((Kept one) -> -one.object().score()).thenComparingInt(Kept::place));
        List<Integer> removed =
                new ArrayList<>(IntStream.range(0, objects.size()).boxed().toList());
        kept.forEach(one -> removed.remove(Integer.valueOf(one.place())));
        return new Result(kept.stream().map(Kept::object).toList(), removed);
    }

    private List<Kept> kept(List<DetectedObject> objects, List<Integer> label) {
        List<SoftSuppression.Kept> kept = switch (rule.shape()) {
            case BOX -> kept(objects, label, DetectedObject::box, Box::iou);
            case MASK -> kept(objects, label, DetectedObject::mask, OverlapRemoval::iou);
        };
        return kept.stream()
                .map(one -> {
                    int place = label.get(one.place());
                    DetectedObject object = objects.get(place);
                    return new Kept(
                            place,
                            new DetectedObject(
                                    object.label(), object.box(), object.mask(), one.score(), object.scores()));
                })
                .toList();
    }

    private <S> List<SoftSuppression.Kept> kept(
            List<DetectedObject> objects,
            List<Integer> label,
            Function<DetectedObject, S> shape,
            ToDoubleBiFunction<S, S> overlap) {
        List<Detection<S>> detections = label.stream()
                .map(objects::get)
                .map(object -> new Detection<>(shape.apply(object), object.box().area(), object.score()))
                .toList();
        return switch (rule.method()) {
            case NONE -> throw new IllegalStateException("Cannot suppress by no method");
            case NMS ->
                new NonMaximumSuppression(rule.overlap())
                        .kept(detections, overlap).stream()
                                .map(place -> new SoftSuppression.Kept(
                                        place, detections.get(place).score()))
                                .toList();
            case SOFT_NMS_LINEAR ->
                new SoftSuppression(new SoftSuppression.Linear(rule.overlap()), LEAST_SCORE).kept(detections, overlap);
            case SOFT_NMS_GAUSSIAN ->
                new SoftSuppression(new SoftSuppression.Gaussian(rule.sigma()), LEAST_SCORE).kept(detections, overlap);
        };
    }

    private static double iou(Optional<RunLengthMask> one, Optional<RunLengthMask> other) {
        return one.isPresent() && other.isPresent() ? one.get().iou(other.get()) : 0;
    }
}
