package io.palispark.job;

import io.palispark.annotation.AnnotationRecord.ObjectRow;
import io.palispark.dataset.Draw;
import io.palispark.spark.AnnotationParts;
import io.palispark.spark.SourcedRecord;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import scala.Tuple2;

/**
 * Finds the positions up to which sources with limits draw. A limit is met by the pictures, or by the pictures of a class,
 * that stand first in the order of their hashes. The driver gets as many positions as the limits name.
 */
final class Drawing implements AnnotationParts.PartWork<List<Tuple2<Drawing.Limited, Long>>> {

    private static final long serialVersionUID = 1L;

    private final Mixture mixture;
    private final LabelRules labels;
    private final Step step;

    private Drawing(Mixture mixture, LabelRules labels, Step step) {
        this.mixture = mixture;
        this.labels = labels;
        this.step = step;
    }

    /** Limits on pictures come before limits on classes, which see drawn pictures only. */
    private enum Step {
        PICTURES,
        CLASSES
    }

    /**
     * What is limited.
     *
     * @param label empty for the pictures of the source
     */
    record Limited(int source, String label) implements Serializable {}

    /** The mixture with its draws decided. */
    static Mixture decided(AnnotationParts parts, Mixture mixture, LabelRules labels) {
        Mixture limited = mixture;
        if (mixture.sources().stream().anyMatch(source -> source.settings().hasLimit())) {
            Map<Limited, Long> last = last(parts, new Drawing(mixture, labels, Step.PICTURES));
            limited = mixture.each(source -> {
                Long position = last.get(new Limited(source.number(), ""));
                return position == null ? source : source.with(source.draw().upTo(position));
            });
        }
        if (mixture.sources().stream().noneMatch(source -> source.settings().hasClassLimit())) {
            return limited;
        }
        Map<Limited, Long> last = last(parts, new Drawing(limited, labels, Step.CLASSES));
        return limited.each(source -> {
            Map<String, Long> classes = new TreeMap<>();
            last.forEach((what, position) -> {
                if (what.source() == source.number()) {
                    classes.put(what.label(), position);
                }
            });
            return source.with(source.draw().withClasses(classes));
        });
    }

    private static Map<Limited, Long> last(AnnotationParts parts, Drawing work) {
        return new HashMap<>(parts.map(work)
                .flatMapToPair(List::iterator)
                .groupByKey()
                .mapToPair(found -> new Tuple2<>(found._1(), work.last(found._1(), found._2())))
                .collectAsMap());
    }

    /** The last of the first positions, as many as the limit lets through. */
    private long last(Limited what, Iterable<Long> positions) {
        PriorityQueue<Long> first = new PriorityQueue<>(Comparator.reverseOrder());
        positions.forEach(position -> keepFirst(first, position, limit(what.source())));
        return first.peek();
    }

    private long limit(int source) {
        PrepareConfig.Source settings = mixture.sources().get(source).settings();
        return switch (step) {
            case PICTURES -> settings.limit();
            case CLASSES -> settings.perClass();
        };
    }

    private static void keepFirst(PriorityQueue<Long> first, long position, long limit) {
        first.add(position);
        if (first.size() > limit) {
            first.poll();
        }
    }

    @Override
    public List<Tuple2<Limited, Long>> build(int part, Iterator<List<SourcedRecord>> records) {
        Map<Limited, PriorityQueue<Long>> first = new HashMap<>();
        while (records.hasNext()) {
            for (PictureRecords picture : PictureRecords.of(records.next())) {
                Draw draw = mixture.of(picture).draw();
                if (!picture.images().isEmpty() && draw.draws(picture.key())) {
                    positions(picture, draw)
                            .forEach((what, position) -> keepFirst(
                                    first.computeIfAbsent(
                                            what, absent -> new PriorityQueue<>(Comparator.reverseOrder())),
                                    position,
                                    limit(what.source())));
                }
            }
        }
        List<Tuple2<Limited, Long>> found = new ArrayList<>();
        first.forEach((what, positions) -> positions.forEach(position -> found.add(new Tuple2<>(what, position))));
        return found;
    }

    private Map<Limited, Long> positions(PictureRecords picture, Draw draw) {
        PrepareConfig.Source settings = mixture.of(picture).settings();
        return switch (step) {
            case PICTURES ->
                settings.hasLimit()
                        ? Map.of(new Limited(picture.source(), ""), draw.position(picture.key()))
                        : Map.of();
            case CLASSES -> {
                Set<String> classes = settings.hasClassLimit() ? classes(picture) : Set.of();
                yield classes.stream()
                        .collect(Collectors.toMap(
                                label -> new Limited(picture.source(), label),
                                label -> draw.position(label, picture.key())));
            }
        };
    }

    private Set<String> classes(PictureRecords picture) {
        return picture.objects().stream()
                .filter(object -> !object.crowd())
                .map(ObjectRow::label)
                .flatMap(label -> labels.used(label).stream())
                .collect(Collectors.toSet());
    }
}
