package io.palispark.annotation;

import io.palispark.annotation.AnnotationInput.Entry;
import io.palispark.annotation.AnnotationRecord.RowKind;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;

/** Entry after entry, each describing one picture; an entry that cannot be used is one rejected image. */
final class EntrySteps implements AnnotationRows.Steps {

    /** Reads one entry whole, and only then puts its image row and the rows on it into the queue. */
    @FunctionalInterface
    interface EntryReader {
        void read(Entry entry, RecordQueue out) throws IOException, DocumentException;
    }

    private final Iterator<Entry> entries;
    private final EntryReader reader;
    private final RecordQueue out;

    private EntrySteps(List<Entry> entries, EntryReader reader, RecordQueue out) {
        this.entries = entries.iterator();
        this.reader = reader;
        this.out = out;
    }

    static AnnotationReader open(AnnotationInput input, EntryReader reader) {
        RecordQueue out = new RecordQueue(input.name());
        return AnnotationRows.of(input.format(), out, new EntrySteps(input.entries(), reader, out));
    }

    @Override
    public boolean step() throws IOException {
        if (!entries.hasNext()) {
            return false;
        }
        Entry entry = entries.next();
        out.seen(RowKind.IMAGE);
        try {
            reader.read(entry, out);
        } catch (DocumentException unusable) {
            String image = entry.picture().isEmpty() ? entry.name() : entry.picture();
            out.reject(image, RowKind.IMAGE, "", unusable.reason(), entry.name() + ": " + unusable.getMessage());
        }
        return true;
    }
}
