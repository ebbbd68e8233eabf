package io.palispark.job;

import io.palispark.evaluation.DetectionMatch;
import io.palispark.evaluation.ImageMatches;
import io.palispark.evaluation.MatchColumns;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.Partitioner;
import org.apache.spark.api.java.JavaRDD;
import scala.Tuple2;

/**
 * From the matches of images to the curves of labels: one sort of each label's detections by score, in memory, then one
 * pass over them. The order of the sort is total, so partitions change nothing.
 */
final class CategoryAccumulation {

    private static final int MOST_PARTS = 200;

    private CategoryAccumulation() {}

    /** A label under a variant. */
    record Group(DetectionVariant variant, String label) implements Serializable {}

    /** What a part of the images says about a label: objects to find, a count each size class, and detections. */
    record Share(long[] truths, MatchColumns matches) implements Serializable {}

    private static final class ByGroup extends Partitioner {

        private static final long serialVersionUID = 1L;

        private final int parts;

        ByGroup(int parts) {
            this.parts = parts;
        }

        @Override
        public int numPartitions() {
            return parts;
        }

        @Override
        public int getPartition(Object key) {
            Group group = (Group) key;
            // an enum's own hash differs from process to process
            return Math.floorMod(31 * group.label().hashCode() + group.variant().ordinal(), parts);
        }
    }

    /** All labels of all variants, by variant and then label. */
    static List<CategorySummary> summaries(JavaRDD<EvaluatedPart> evaluated, int bins) {
        int parts = Math.max(1, Math.min(MOST_PARTS, evaluated.getNumPartitions()));
        return evaluated
                .flatMapToPair(part -> part.labels().entrySet().stream()
                        .map(label -> new Tuple2<>(label.getKey(), label.getValue()))
                        .iterator())
                .groupByKey(new ByGroup(parts))
                .map(group -> summary(group._1(), group._2(), bins))
                .collect()
                .stream()
                .sorted(Comparator.comparing(CategorySummary::variant).thenComparing(CategorySummary::label))
                .toList();
    }

    /** The matches of a part's images, brought together by label. */
    static final class Shares {

        private final Map<Group, List<ImageMatches>> images = new HashMap<>();

        void add(ImageOutcome outcome) {
            outcome.matches()
                    .forEach((variant, labels) -> labels.forEach((label, matches) -> images.computeIfAbsent(
                                    new Group(variant, label), absent -> new ArrayList<>())
                            .add(matches)));
        }

        Map<Group, Share> byLabel() {
            Map<Group, Share> shares = new HashMap<>();
            images.forEach((group, matches) -> shares.put(group, share(matches)));
            return shares;
        }
    }

    private static Share share(List<ImageMatches> images) {
        long[] truths = new long[images.get(0).truths().size()];
        for (ImageMatches image : images) {
            for (int area = 0; area < truths.length; area++) {
                truths[area] += image.truths().get(area);
            }
        }
        return new Share(
                truths,
                MatchColumns.of(images.stream()
                        .flatMap(image -> image.detections().stream())
                        .toList()));
    }

    private static CategorySummary summary(Group group, Iterable<Share> shares, int bins) {
        long[] truths = shares.iterator().next().truths().clone();
        Arrays.fill(truths, 0);
        List<DetectionMatch> matches = new ArrayList<>();
        for (Share share : shares) {
            Arrays.setAll(truths, area -> truths[area] + share.truths()[area]);
            share.matches().matches().forEach(matches::add);
        }
        matches.sort(DetectionMatch.BY_SCORE);
        return CategorySummary.of(
                group.variant(), group.label(), Arrays.stream(truths).boxed().toList(), matches.iterator(), bins);
    }
}
