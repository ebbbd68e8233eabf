package io.palispark.annotation;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.palispark.annotation.AnnotationRecord.RowKind;
import io.palispark.annotation.AnnotationRecord.Totals;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.function.Supplier;

/** The rhythm of every reader: walk all, then either reject the file or hand out its rows, then the totals. */
final class TwoPassReader implements Iterator<AnnotationRecord>, Closeable {

    /** What remains to be said when a pass is over. */
    @FunctionalInterface
    interface EndOfPass {
        void close(Set<String> presentSections) throws DocumentException;
    }

    private final AnnotationSource source;
    private final ReadLimits limits;
    private final RecordQueue queue;
    private SectionWalk second;
    private Supplier<Totals> totals;

    TwoPassReader(AnnotationSource source, ReadLimits limits) {
        this.source = source;
        this.limits = limits;
        this.queue = new RecordQueue(source.name());
    }

    RecordQueue queue() {
        return queue;
    }

    void open(
            Map<String, SectionWalk.ElementReader> firstPass,
            EndOfPass endOfFirstPass,
            Map<String, SectionWalk.ElementReader> secondPass,
            Supplier<Totals> totalsAtEnd)
            throws IOException {
        try {
            endOfFirstPass.close(FirstPass.walk(source, limits, firstPass));
            totals = totalsAtEnd;
            second = new SectionWalk(source, limits, secondPass);
        } catch (DocumentException unusable) {
            reject(unusable);
        }
    }

    /** Ends the reader with one finding; rows of a rejected file are not counted. */
    private void reject(DocumentException unusable) {
        queue.reject("", RowKind.FILE, "", unusable.reason(), unusable.getMessage());
        queue.add(new Totals(source.name(), 0, 0, 0, 0));
    }

    static void requireSections(Set<String> present, List<String> required) throws DocumentException {
        for (String section : required) {
            if (!present.contains(section)) {
                throw new DocumentException(ReasonCode.KEY_MISSING, "no list \"" + section + "\"");
            }
        }
    }

    @Override
    public boolean hasNext() {
        while (queue.isEmpty() && second != null) {
            advance();
        }
        return !queue.isEmpty();
    }

    @Override
    public AnnotationRecord next() {
        if (!hasNext()) {
            throw new NoSuchElementException("no record behind the totals of " + source.name());
        }
        return queue.take();
    }

    private void advance() {
        try {
            if (!second.step()) {
                second.close();
                second = null;
                queue.add(totals.get());
            }
        } catch (JsonProcessingException | DocumentException changed) {
            throw new UncheckedIOException(new IOException(
                    "Cannot read " + source.name() + " a second time: its content has changed", changed));
        } catch (IOException unreadable) {
            throw new UncheckedIOException("Cannot read " + source.name() + " a second time", unreadable);
        }
    }

    @Override
    public void close() throws IOException {
        if (second != null) {
            second.close();
            second = null;
        }
    }
}
