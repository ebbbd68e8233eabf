package io.palispark.evaluation;

import java.util.ArrayList;
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

    private static final int BEFORE_FREQUENCIES = 6;

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
        List<Metric> all = DetectionMeans.of(
                        categories.values().stream().map(Category::curves).toList())
                .lvis();
        List<Metric> metrics = new ArrayList<>(all);
        metrics.addAll(
                BEFORE_FREQUENCIES,
                List.of(
                        new Metric("APr", averagePrecision(Frequency.RARE)),
                        new Metric("APc", averagePrecision(Frequency.COMMON)),
                        new Metric("APf", averagePrecision(Frequency.FREQUENT))));
        return List.copyOf(metrics);
    }

    private OptionalDouble averagePrecision(Frequency frequency) {
        return DetectionMeans.of(categories.values().stream()
                        .filter(category -> category.frequency() == frequency)
                        .map(Category::curves)
                        .toList())
                .averagePrecision(0);
    }
}
