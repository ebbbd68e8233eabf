package io.palispark.dataset;

import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * How evenly the objects of a dataset are spread over its classes and splits.
 *
 * @param objects of all classes
 * @param classes that have an object
 * @param most objects of one class
 * @param fewest objects of one class; 0 without classes
 * @param evenness entropy of the class shares over its largest value: 1 where all are equal, 0 with a single class
 * @param rare classes with fewer than {@link #RARE} objects in the training split, sorted
 * @param unlearned classes that another split has and the training split has not, sorted
 */
public record ClassBalance(
        long objects, int classes, long most, long fewest, double evenness, List<String> rare, List<String> unlearned)
        implements Serializable {

    /** A class with fewer training objects than this is named. */
    public static final long RARE = 10;

    public ClassBalance {
        rare = List.copyOf(rare);
        unlearned = List.copyOf(unlearned);
    }

    /** @param objects per split, per class */
    public static ClassBalance of(Map<SplitPlan.Split, Map<String, Long>> objects) {
        TreeMap<String, Long> sums = new TreeMap<>();
        objects.values().forEach(split -> split.forEach((label, count) -> sums.merge(label, count, Long::sum)));
        Map<String, Long> training = objects.getOrDefault(SplitPlan.Split.TRAIN, Map.of());
        long all = sums.values().stream().mapToLong(Long::longValue).sum();
        double entropy = 0;
        for (long count : sums.values()) {
            double share = (double) count / all;
            entropy -= count == 0 ? 0 : share * Math.log(share);
        }
        TreeSet<String> unlearned = new TreeSet<>(sums.keySet());
        unlearned.removeAll(training.keySet());
        return new ClassBalance(
                all,
                sums.size(),
                sums.values().stream().mapToLong(Long::longValue).max().orElse(0),
                sums.values().stream().mapToLong(Long::longValue).min().orElse(0),
                sums.size() < 2 ? 0 : entropy / Math.log(sums.size()),
                training.entrySet().stream()
                        .filter(count -> count.getValue() < RARE)
                        .map(Map.Entry::getKey)
                        .sorted()
                        .toList(),
                List.copyOf(unlearned));
    }

    /** Objects of the commonest class for each of the rarest; 0 without classes. */
    public double imbalance() {
        return fewest == 0 ? 0 : (double) most / fewest;
    }
}
