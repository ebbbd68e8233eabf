package io.palispark.evaluation;

import java.util.List;
import java.util.OptionalDouble;
import java.util.function.IntPredicate;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The headline numbers over the curves of several categories: means over every threshold, recall level and category
 * that had something to find (cocoeval.py and lvis eval.py, {@code summarize}).
 *
 * @param categories curves of one protocol
 */
public record DetectionMeans(List<CategoryCurves> categories) {

    public DetectionMeans {
        categories = List.copyOf(categories);
    }

    public static DetectionMeans of(List<CategoryCurves> categories) {
        return new DetectionMeans(categories);
    }

    /** COCO's twelve numbers in its own order: AP, AP50, AP75, APs, APm, APl, AR1, AR10, AR100, ARs, ARm, ARl. */
    public List<Metric> coco() {
        return withPrecisions(
                new Metric("AR1", averageRecall(0, 0)),
                new Metric("AR10", averageRecall(0, 1)),
                new Metric("AR100", averageRecall(0, 2)),
                new Metric("ARs", averageRecall(1, 2)),
                new Metric("ARm", averageRecall(2, 2)),
                new Metric("ARl", averageRecall(3, 2)));
    }

    /**
     * LVIS' numbers but those by how common a category is: AP, AP50, AP75, APs, APm, APl, AR@300, ARs@300, ARm@300,
     * ARl@300.
     */
    public List<Metric> lvis() {
        return withPrecisions(
                new Metric("AR@300", averageRecall(0, 0)),
                new Metric("ARs@300", averageRecall(1, 0)),
                new Metric("ARm@300", averageRecall(2, 0)),
                new Metric("ARl@300", averageRecall(3, 0)));
    }

    /** The six numbers of precision, which both have, before those of recall. */
    private List<Metric> withPrecisions(Metric... recalls) {
        Stream<Metric> precisions = Stream.of(
                new Metric("AP", averagePrecision(0)),
                new Metric("AP50", averagePrecisionAt(0.5)),
                new Metric("AP75", averagePrecisionAt(0.75)),
                new Metric("APs", averagePrecision(1)),
                new Metric("APm", averagePrecision(2)),
                new Metric("APl", averagePrecision(3)));
        return Stream.concat(precisions, Stream.of(recalls)).toList();
    }

    /** Over all thresholds, for one size class of the protocol, at the last cut. */
    public OptionalDouble averagePrecision(int area) {
        return precision(threshold -> true, area);
    }

    /** At one threshold of the protocol, for all sizes, at the last cut. */
    public OptionalDouble averagePrecisionAt(double overlap) {
        return precision(threshold -> threshold == protocolIndex(overlap), 0);
    }

    /** Over all thresholds, for one size class and one cut of the protocol, by their places. */
    public OptionalDouble averageRecall(int area, int cut) {
        return categories.stream()
                .flatMap(category -> thresholds(category)
                        .mapToObj(threshold ->
                                category.curve(threshold, area, cut).averageRecall()))
                .flatMapToDouble(OptionalDouble::stream)
                .average();
    }

    private OptionalDouble precision(IntPredicate wanted, int area) {
        return categories.stream()
                .flatMapToDouble(category -> thresholds(category)
                        .filter(wanted)
                        .mapToObj(threshold -> category.curve(
                                threshold, area, category.protocol().cuts().size() - 1))
                        .flatMapToDouble(curve -> DoubleStream.of(curve.precision())))
                .average();
    }

    private int protocolIndex(double overlap) {
        return categories.get(0).protocol().indexOf(overlap);
    }

    private static IntStream thresholds(CategoryCurves category) {
        return IntStream.range(0, category.protocol().thresholds().size());
    }
}
