package io.palispark.annotation;

import io.palispark.annotation.AnnotationRecord.Totals;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/** JSON documents that are objects of lists: all walked once, then either rejected or handed out row by row. */
final class TwoPassReader implements AnnotationRows.Steps {

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

    private final AnnotationFormat format;
    private final ReadLimits limits;
    private final RecordQueue queue;
    private final Deque<Stage> pending = new ArrayDeque<>();
    private SectionWalk walk;
    private Remainder remainder = Remainder.NONE;

    /**
     * A reader without files yet.
     *
     * @param name stands in findings and totals
     */
    TwoPassReader(AnnotationFormat format, String name, ReadLimits limits) {
        this.format = format;
        this.limits = limits;
        this.queue = new RecordQueue(name);
    }

    RecordQueue queue() {
        return queue;
    }

    /** Walks all files once; the second pass goes through them in the same order, one after the other. */
    AnnotationReader open(List<Stage> stages, Remainder atEnd, Supplier<Totals> totals) throws IOException {
        for (Stage stage : stages) {
            try {
                stage.endOfFirstPass().close(FirstPass.walk(stage.source(), limits, stage.firstPass()));
            } catch (DocumentException unusable) {
                String file = stages.size() == 1 ? "" : stage.source().name() + ": ";
                return AnnotationRows.rejected(
                        format, queue.source(), new DocumentException(unusable.reason(), file + unusable.getMessage()));
            }
        }
        pending.addAll(stages);
        remainder = atEnd;
        return new AnnotationRows(format, queue, this, totals);
    }

    static void requireSections(Set<String> present, List<String> required) throws DocumentException {
        for (String section : required) {
            if (!present.contains(section)) {
                throw new DocumentException(ReasonCode.KEY_MISSING, "no list \"" + section + "\"");
            }
        }
    }

    @Override
    public boolean step() throws IOException, DocumentException {
        if (walk == null && pending.isEmpty()) {
            return remainder.step();
        }
        if (walk == null) {
            Stage stage = pending.remove();
            walk = new SectionWalk(stage.source(), limits, stage.secondPass());
        }
        if (!walk.step()) {
            close();
        }
        return true;
    }

    @Override
    public void close() throws IOException {
        if (walk != null) {
            walk.close();
            walk = null;
        }
    }
}
