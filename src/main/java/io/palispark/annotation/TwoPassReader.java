package io.palispark.annotation;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.palispark.annotation.AnnotationRecord.RowKind;
import io.palispark.annotation.AnnotationRecord.Totals;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
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

    /** What remains to be handed out when all files are read, one step at a time; false when there is no more. */
    @FunctionalInterface
    interface Remainder {
        Remainder NONE = () -> false;

        boolean step();
    }

    /** One file, walked twice. */
    record Stage(
            AnnotationSource source,
            Map<String, SectionWalk.ElementReader> firstPass,
            EndOfPass endOfFirstPass,
            Map<String, SectionWalk.ElementReader> secondPass) {}

    private final String name;
    private final ReadLimits limits;
    private final RecordQueue queue;
    private final Deque<Stage> pending = new ArrayDeque<>();
    private Stage stage;
    private SectionWalk walk;
    private Remainder remainder = Remainder.NONE;
    private Supplier<Totals> totals;

    /**
     * A reader without files yet.
     *
     * @param name stands in findings and totals
     */
    TwoPassReader(String name, ReadLimits limits) {
        this.name = name;
        this.limits = limits;
        this.queue = new RecordQueue(name);
    }

    RecordQueue queue() {
        return queue;
    }

    /** Walks all files once; the second pass goes through them in the same order, one after the other. */
    void open(List<Stage> stages, Remainder atEnd, Supplier<Totals> totalsAtEnd) throws IOException {
        try {
            for (Stage next : stages) {
                stage = next;
                next.endOfFirstPass().close(FirstPass.walk(next.source(), limits, next.firstPass()));
            }
            pending.addAll(stages);
            remainder = atEnd;
            totals = totalsAtEnd;
        } catch (DocumentException unusable) {
            reject(stages.size() == 1 ? "" : stage.source().name() + ": ", unusable);
        }
    }

    /**
     * Ends the reader with one finding; rows of a rejected file are not counted.
     *
     * @param file stands before the detail where the reader has several files
     */
    void reject(String file, DocumentException unusable) {
        queue.reject("", RowKind.FILE, "", unusable.reason(), file + unusable.getMessage());
        queue.add(new Totals(name, 0, 0, 0, 0));
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
        while (queue.isEmpty() && totals != null) {
            advance();
        }
        return !queue.isEmpty();
    }

    @Override
    public AnnotationRecord next() {
        if (!hasNext()) {
            throw new NoSuchElementException("no record behind the totals of " + name);
        }
        return queue.take();
    }

    private void advance() {
        if (walk == null && pending.isEmpty()) {
            if (!remainder.step()) {
                queue.add(totals.get());
                totals = null;
            }
            return;
        }
        try {
            if (walk == null) {
                stage = pending.remove();
                walk = new SectionWalk(stage.source(), limits, stage.secondPass());
            }
            if (!walk.step()) {
                close();
            }
        } catch (JsonProcessingException | DocumentException changed) {
            throw new UncheckedIOException(new IOException(
                    "Cannot read " + stage.source().name() + " a second time: its content has changed", changed));
        } catch (IOException unreadable) {
            throw new UncheckedIOException("Cannot read " + stage.source().name() + " a second time", unreadable);
        }
    }

    @Override
    public void close() throws IOException {
        if (walk != null) {
            walk.close();
            walk = null;
        }
    }
}
