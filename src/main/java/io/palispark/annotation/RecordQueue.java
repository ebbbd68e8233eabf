package io.palispark.annotation;

import io.palispark.annotation.AnnotationRecord.FindingRow;
import io.palispark.annotation.AnnotationRecord.RowKind;
import io.palispark.annotation.AnnotationRecord.Totals;
import java.util.ArrayDeque;

/** Records read and not yet taken: a few, as one element of a list yields few. */
final class RecordQueue {

    private final String source;
    private final ArrayDeque<AnnotationRecord> records = new ArrayDeque<>();
    private final long[] seen = new long[RowKind.values().length];

    RecordQueue(String source) {
        this.source = source;
    }

    String source() {
        return source;
    }

    /** Counts a row when it is met, before anything is known about it. */
    void seen(RowKind kind) {
        seen[kind.ordinal()]++;
    }

    /** The rows met so far. */
    Totals totals() {
        return new Totals(
                source,
                seen[RowKind.IMAGE.ordinal()],
                seen[RowKind.OBJECT.ordinal()],
                seen[RowKind.CAPTION.ordinal()],
                seen[RowKind.QUESTION.ordinal()]);
    }

    void add(AnnotationRecord row) {
        records.add(row);
    }

    void finding(String image, RowKind kind, String object, Defect defect) {
        Finding finding = new Finding(source, image, object, defect.reason(), defect.outcome(), defect.detail());
        records.add(new FindingRow(image, kind, finding));
    }

    /** The one reject that stands in a row's place. */
    void reject(String image, RowKind kind, String object, ReasonCode reason, String detail) {
        Outcome outcome = switch (kind) {
            case FILE -> Outcome.REJECT_FILE;
            case IMAGE -> Outcome.REJECT_IMAGE;
            case OBJECT, CAPTION, QUESTION -> Outcome.REJECT_OBJECT;
        };
        finding(image, kind, object, new Defect(reason, outcome, detail));
    }

    boolean isEmpty() {
        return records.isEmpty();
    }

    AnnotationRecord take() {
        return records.remove();
    }
}
