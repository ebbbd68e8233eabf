package io.palispark.evaluation;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;

/**
 * The thirteen numbers of LVIS (lvis, {@code eval.py}).
 *
 * @param categories curves of {@link DetectionProtocol#LVIS} by category, each with how common it is
 */
public record LvisMeans(Map<Long, Category> categories) {

    /** How common a category is in the training images, as the annotation file says. */
    public enum Frequency {
        RARE,
        COMMON,
        FREQUENT
    }

    /** One category's curves and frequency. */
    public record Category(CategoryCurves curves, Frequency frequency) {}

    public LvisMeans {
        categories = Collections.unmodifiableMap(new TreeMap<>(categories));
    }

    /** In LVIS' own order: AP, AP50, AP75, APs, APm, APl, APr, APc, APf, AR@300, ARs@300, ARm@300, ARl@300. */
    public List<Metric> metrics() {
        DetectionMeans all = DetectionMeans.of(
                categories.values().stream().map(Category::curves).toList());
        return List.of(
                new Metric("AP", all.averagePrecision(0)),
                new Metric("AP50", all.averagePrecisionAt(0.5)),
                new Metric("AP75", all.averagePrecisionAt(0.75)),
                new Metric("APs", all.averagePrecision(1)),
                new Metric("APm", all.averagePrecision(2)),
                new Metric("APl", all.averagePrecision(3)),
                new Metric("APr", averagePrecision(Frequency.RARE)),
                new Metric("APc", averagePrecision(Frequency.COMMON)),
                new Metric("APf", averagePrecision(Frequency.FREQUENT)),
                new Metric("AR@300", all.averageRecall(0, 0)),
                new Metric("ARs@300", all.averageRecall(1, 0)),
                new Metric("ARm@300", all.averageRecall(2, 0)),
                new Metric("ARl@300", all.averageRecall(3, 0)));
    }

    private OptionalDouble averagePrecision(Frequency frequency) {
        return DetectionMeans.of(categories.values().stream()
                        .filter(category -> category.frequency() == frequency)
                        .map(Category::curves)
                        .toList())
                .averagePrecision(0);
    }
}
