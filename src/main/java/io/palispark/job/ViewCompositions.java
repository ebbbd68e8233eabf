package io.palispark.job;

import io.palispark.annotation.AnnotationRecord.RowKind;
import io.palispark.annotation.ReasonCode;
import io.palispark.dataset.EncodedObject;
import io.palispark.dataset.RowComposer.Composition;
import io.palispark.dataset.RowComposer.RecordKey;
import io.palispark.dataset.TrainingRow;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What all views of one picture gave. A record is written when one view wrote it, and lost once at most. */
final class ViewCompositions {

    private final List<ViewRow> rows = new ArrayList<>();
    private final Set<RecordKey> written = new LinkedHashSet<>();
    private final Map<RecordKey, Loss> losses = new LinkedHashMap<>();
    private final Set<String> shown = new HashSet<>();

    /** A row and what it is about. */
    record ViewRow(PictureView view, TrainingRow row) {}

    /** @param stage of the work that could not use the record */
    record Loss(RecordKey record, ReasonCode reason, String detail, String stage) {}

    /** The objects of a view that can be written; the others are lost. */
    List<EncodedObject> usable(List<ObjectEncoding.Encoded> encoded) {
        List<EncodedObject> usable = new ArrayList<>();
        for (ObjectEncoding.Encoded object : encoded) {
            String id = object.object().objectId();
            shown.add(id);
            if (object.reject().isPresent()) {
                lose(new Loss(new RecordKey(RowKind.OBJECT, id), object.reject().get(), "encode", "encode"));
            } else {
                usable.add(object.object());
            }
        }
        return usable;
    }

    void add(PictureView view, Composition composition) {
        composition.rows().forEach(row -> rows.add(new ViewRow(view, row)));
        written.addAll(composition.written());
        composition
                .dropped()
                .forEach((record, reason) -> lose(new Loss(record, reason, "left out of a row", "compose")));
    }

    /** An object of the picture; lost when no view shows enough of it. */
    void seen(String object) {
        if (!shown.contains(object)) {
            lose(new Loss(
                    new RecordKey(RowKind.OBJECT, object),
                    ReasonCode.OBJECT_CUT_BY_TILES,
                    "no tile shows tiles.least-visible of it",
                    "tile"));
        }
    }

    private void lose(Loss loss) {
        losses.putIfAbsent(loss.record(), loss);
    }

    List<ViewRow> rows() {
        return rows;
    }

    Set<RecordKey> written() {
        return written;
    }

    /** Records that a view could not write, others may have. */
    List<Loss> losses() {
        return List.copyOf(losses.values());
    }
}
