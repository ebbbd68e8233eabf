package io.palispark.annotation;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.palispark.annotation.AnnotationRecord.RowKind;
import io.palispark.annotation.AnnotationRecord.Totals;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.NoSuchElementException;
import java.util.function.Supplier;

/** The rhythm of every reader: records step by step, then the totals. */
final class AnnotationRows implements AnnotationReader {

    /** What a reader does between two records: each step puts some, or none, into the queue. */
    interface Steps extends Closeable {

        Steps NONE = () -> false;

        /** False when everything has been read. */
        boolean step() throws IOException, DocumentException;

        @Override
        default void close() throws IOException {}
    }

    private final AnnotationFormat format;
    private final RecordQueue queue;
    private final Steps steps;
    private Supplier<Totals> totals;

    AnnotationRows(AnnotationFormat format, RecordQueue queue, Steps steps, Supplier<Totals> totals) {
        this.format = format;
        this.queue = queue;
        this.steps = steps;
        this.totals = totals;
    }

    /** A reader whose totals are the rows that the queue was told of. */
    static AnnotationRows of(AnnotationFormat format, RecordQueue queue, Steps steps) {
        return new AnnotationRows(format, queue, steps, queue::totals);
    }

    /** The reader of an input that cannot be used: one finding; its rows are not counted. */
    static AnnotationRows rejected(AnnotationFormat format, String name, DocumentException unusable) {
        RecordQueue queue = new RecordQueue(name);
        queue.reject("", RowKind.FILE, "", unusable.reason(), unusable.getMessage());
        return of(format, queue, Steps.NONE);
    }

    @Override
    public AnnotationFormat format() {
        return format;
    }

    @Override
    public boolean hasNext() {
        while (queue.isEmpty() && totals != null) {
            advance();
        }
        return !queue.isEmpty();
    }

    @Override
    public AnnotationRecord next() {
        if (!hasNext()) {
            throw new NoSuchElementException("no record behind the totals of " + queue.source());
        }
        return queue.take();
    }

    private void advance() {
        try {
            if (!steps.step()) {
                queue.add(totals.get());
                totals = null;
            }
        } catch (JsonProcessingException | DocumentException changed) {
            throw new UncheckedIOException(new IOException(
                    "Cannot read " + queue.source() + " a second time: its content has changed", changed));
        } catch (IOException unreadable) {
            throw new UncheckedIOException("Cannot read " + queue.source() + " to its end", unreadable);
        }
    }

    @Override
    public void close() throws IOException {
        steps.close();
    }
}
