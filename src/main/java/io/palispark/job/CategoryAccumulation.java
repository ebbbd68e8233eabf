package io.palispark.job;

import io.palispark.evaluation.DetectionMatch;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import org.apache.spark.Partitioner;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import scala.Tuple2;

/**
 * From the matches of images to the curves of labels: one sort of each label's detections by score, then one pass over
 * them. The order of the sort is total, so partitions change nothing.
 */
final class CategoryAccumulation {

    private static final int MOST_PARTS = 200;

    private CategoryAccumulation() {}

    /** A label under a variant. */
    record Group(DetectionVariant variant, String label) implements Serializable {}

    private record MatchKey(Group group, DetectionMatch match) implements Serializable, Comparable<MatchKey> {

        @Override
        public int compareTo(MatchKey other) {
            int order = group.variant().compareTo(other.group.variant());
            order = order != 0 ? order : group.label().compareTo(other.group.label());
            return order != 0 ? order : DetectionMatch.BY_SCORE.compare(match, other.match);
        }
    }

    private static final class ByGroup extends Partitioner {

        private static final long serialVersionUID = 1L;

        private final Map<Group, Integer> places;
        private final int parts;

        ByGroup(Map<Group, Integer> places, int parts) {
            this.places = places;
            this.parts = parts;
        }

        @Override
        public int numPartitions() {
            return parts;
        }

        @Override
        public int getPartition(Object key) {
            return places.get(((MatchKey) key).group()) % parts;
        }
    }

    /** All labels of all variants, by variant and then label. */
    static List<CategorySummary> summaries(JavaRDD<ImageOutcome> outcomes, int bins) {
        Map<Group, long[]> truths = new HashMap<>(outcomes.flatMapToPair(CategoryAccumulation::truths)
                .reduceByKey(CategoryAccumulation::sum)
                .collectAsMap());
        List<Group> groups = new ArrayList<>(truths.keySet());
        groups.sort(java.util.Comparator.comparing(Group::variant).thenComparing(Group::label));
        Map<Group, Integer> places = new HashMap<>();
        groups.forEach(group -> places.put(group, places.size()));
        JavaPairRDD<MatchKey, Boolean> matches = outcomes.flatMapToPair(CategoryAccumulation::matches)
                .repartitionAndSortWithinPartitions(
                        new ByGroup(places, Math.max(1, Math.min(MOST_PARTS, groups.size()))));
        Map<Group, CategorySummary> found = new HashMap<>();
        matches.mapPartitions(keys -> new Summaries(keys, truths, bins))
                .collect()
                .forEach(summary -> found.put(new Group(summary.variant(), summary.label()), summary));
        return groups.stream()
                .map(group -> found.computeIfAbsent(
                        group,
                        absent -> CategorySummary.of(
                                group.variant(),
                                group.label(),
                                list(truths.get(group)),
                                List.<DetectionMatch>of().iterator(),
                                bins)))
                .toList();
    }

    private static Iterator<Tuple2<Group, long[]>> truths(ImageOutcome outcome) {
        List<Tuple2<Group, long[]>> counts = new ArrayList<>();
        outcome.matches()
                .forEach((variant, labels) -> labels.forEach((label, matches) -> counts.add(new Tuple2<>(
                        new Group(variant, label),
                        matches.truths().stream().mapToLong(Integer::longValue).toArray()))));
        return counts.iterator();
    }

    private static long[] sum(long[] one, long[] other) {
        long[] sum = one.clone();
        for (int i = 0; i < sum.length; i++) {
            sum[i] += other[i];
        }
        return sum;
    }

    private static Iterator<Tuple2<MatchKey, Boolean>> matches(ImageOutcome outcome) {
        List<Tuple2<MatchKey, Boolean>> keys = new ArrayList<>();
        outcome.matches()
                .forEach((variant, labels) -> labels.forEach((label, matches) -> matches.detections()
                        .forEach(match ->
                                keys.add(new Tuple2<>(new MatchKey(new Group(variant, label), match), true)))));
        return keys.iterator();
    }

    private static List<Long> list(long[] values) {
        return java.util.Arrays.stream(values).boxed().toList();
    }

    /** Cuts the sorted matches of a partition where the label changes. */
    private static final class Summaries implements Iterator<CategorySummary> {

        private final Iterator<Tuple2<MatchKey, Boolean>> keys;
        private final Map<Group, long[]> truths;
        private final int bins;
        private MatchKey next;

        Summaries(Iterator<Tuple2<MatchKey, Boolean>> keys, Map<Group, long[]> truths, int bins) {
            this.keys = keys;
            this.truths = truths;
            this.bins = bins;
            advance();
        }

        private void advance() {
            next = keys.hasNext() ? keys.next()._1() : null;
        }

        @Override
        public boolean hasNext() {
            return next != null;
        }

        @Override
        public CategorySummary next() {
            if (next == null) {
                throw new NoSuchElementException("Cannot summarise another label: the partition has ended");
            }
            Group group = next.group();
            Iterator<DetectionMatch> matches = new Iterator<>() {
                @Override
                public boolean hasNext() {
                    return next != null && next.group().equals(group);
                }

                @Override
                public DetectionMatch next() {
                    DetectionMatch match = next.match();
                    advance();
                    return match;
                }
            };
            return CategorySummary.of(group.variant(), group.label(), list(truths.get(group)), matches, bins);
        }
    }
}
