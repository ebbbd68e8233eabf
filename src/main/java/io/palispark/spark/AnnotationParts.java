package io.palispark.spark;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.Function2;
import scala.Tuple2;

/** Annotation records brought together by image, in a number of parts and an order that the records alone decide. */
public final class AnnotationParts {

    private final JavaPairRDD<RecordKey, SourcedRecord> parts;

    private AnnotationParts(JavaPairRDD<RecordKey, SourcedRecord> parts) {
        this.parts = parts;
    }

    public static AnnotationParts of(JavaRDD<SourcedRecord> records, int parts) {
        return new AnnotationParts(records.mapToPair(record -> new Tuple2<>(RecordKey.of(record), record))
                .partitionBy(new ByImage(parts)));
    }

    /** All records, for questions about the whole dataset. */
    public JavaRDD<SourcedRecord> records() {
        return parts.values();
    }

    /** The work on one part: its number and the records of its images, one list for each source and image id. */
    @FunctionalInterface
    public interface PartWork<T> extends java.io.Serializable {
        T build(int part, Iterator<List<SourcedRecord>> images) throws Exception;
    }

    /**
     * Runs the work on every part, which is sorted in memory: it is as large as a shard is meant to be. Spark's own
     * sorting shuffle would measure every record it buffers, which cost a tenth of prepare ({@code benchmark codec}).
     */
    public <T> JavaRDD<T> map(PartWork<T> work) {
        Function2<Integer, Iterator<Tuple2<RecordKey, SourcedRecord>>, Iterator<T>> perPart = (part, records) ->
                List.of(work.build(part, new ByImageIterator(sorted(records)))).iterator();
        return parts.mapPartitionsWithIndex(perPart, true);
    }

    private static Iterator<Tuple2<RecordKey, SourcedRecord>> sorted(
            Iterator<Tuple2<RecordKey, SourcedRecord>> records) {
        List<Tuple2<RecordKey, SourcedRecord>> all = new ArrayList<>();
        records.forEachRemaining(all::add);
        all.sort(Comparator.comparing(Tuple2::_1));
        return all.iterator();
    }

    /** Cuts a sorted run of records where the image changes. */
    private static final class ByImageIterator implements Iterator<List<SourcedRecord>> {
        private final Iterator<Tuple2<RecordKey, SourcedRecord>> records;
        private SourcedRecord next;

        ByImageIterator(Iterator<Tuple2<RecordKey, SourcedRecord>> records) {
            this.records = records;
            this.next = records.hasNext() ? records.next()._2() : null;
        }

        @Override
        public boolean hasNext() {
            return next != null;
        }

        @Override
        public List<SourcedRecord> next() {
            if (next == null) {
                throw new NoSuchElementException("Cannot read another image: the part has ended");
            }
            List<SourcedRecord> image = new ArrayList<>();
            SourcedRecord first = next;
            while (next != null && isOfOneImage(first, next)) {
                image.add(next);
                next = records.hasNext() ? records.next()._2() : null;
            }
            return image;
        }

        private static boolean isOfOneImage(SourcedRecord first, SourcedRecord other) {
            return first.source() == other.source()
                    && first.record().imageId().equals(other.record().imageId());
        }
    }
}
