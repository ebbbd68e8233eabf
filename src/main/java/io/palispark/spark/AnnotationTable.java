package io.palispark.spark;

import io.palispark.annotation.AnnotationRecord;
import io.palispark.annotation.AnnotationRecord.CaptionRow;
import io.palispark.annotation.AnnotationRecord.ImageRow;
import io.palispark.annotation.AnnotationRecord.ObjectRow;
import io.palispark.annotation.AnnotationRecord.QuestionRow;
import io.palispark.annotation.CheckedObject;
import io.palispark.annotation.Finding;
import io.palispark.geometry.Box;
import io.palispark.geometry.ImageSize;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;

/** Checked annotation records as rows of some columns of {@link SqlTypes#ANNOTATION}. */
final class AnnotationTable {

    private final String source;
    private final Map<String, Integer> places = new HashMap<>();

    AnnotationTable(String source, StructType columns) {
        this.source = source;
        for (String name : columns.fieldNames()) {
            places.put(name, places.size());
        }
    }

    Row row(CheckedRecord checked) {
        Object[] values = new Object[places.size()];
        put(values, "kind", () -> checked.kind().name().toLowerCase(Locale.ROOT));
        put(values, "source", () -> source);
        put(
                values,
                "image",
                () -> checked.picture().map(CheckedRecord.Picture::name).orElse(null));
        put(values, "image_id", () -> emptyToNull(checked.imageId()));
        Optional<ImageSize> size = checked.picture().flatMap(CheckedRecord.Picture::size);
        put(values, "height", () -> size.map(ImageSize::height).orElse(null));
        put(values, "width", () -> size.map(ImageSize::width).orElse(null));
        put(values, "id", () -> emptyToNull(checked.id()));
        Optional<Finding> reject = checked.reject();
        put(
                values,
                "reject",
                () -> reject.map(finding -> finding.reason().code()).orElse(null));
        put(values, "detail", () -> reject.map(Finding::detail).orElse(null));
        put(values, "warnings", () -> warnings(checked));
        put(
                values,
                "sequence",
                () -> checked.row().map(AnnotationTable::sequence).orElse(null));
        if (reject.isEmpty() && checked.row().isPresent()) {
            putContent(values, checked.row().get(), checked.object());
        }
        return RowFactory.create(values);
    }

    private void putContent(Object[] values, AnnotationRecord record, Optional<CheckedObject> object) {
        if (record instanceof ImageRow row) {
            put(values, "split", () -> emptyToNull(row.split()));
        } else if (record instanceof ObjectRow row) {
            put(values, "label", row::label);
            Box box = object.orElseThrow().box();
            put(values, "bbox", () -> List.of(box.x(), box.y(), box.width(), box.height()));
            put(
                    values,
                    "segmentation",
                    () -> object.get().mask().map(SqlCodec::mask).orElse(null));
            put(values, "crowd", row::crowd);
        } else if (record instanceof CaptionRow row) {
            put(values, "caption", row::text);
        } else if (record instanceof QuestionRow row) {
            put(values, "question", row::question);
            put(values, "answers", row::answers);
            put(values, "answer", row::chosenAnswer);
        }
    }

    private static Long sequence(AnnotationRecord record) {
        if (record instanceof ObjectRow row) {
            return row.sequence();
        } else if (record instanceof CaptionRow row) {
            return row.sequence();
        }
        return record instanceof QuestionRow row ? row.sequence() : null;
    }

    private static List<Row> warnings(CheckedRecord checked) {
        return checked.findings().stream()
                .filter(finding -> !finding.outcome().isReject())
                .map(finding -> RowFactory.create(finding.reason().code(), finding.detail()))
                .toList();
    }

    private void put(Object[] values, String column, Supplier<Object> value) {
        Integer place = places.get(column);
        if (place != null) {
            values[place] = value.get();
        }
    }

    private static String emptyToNull(String text) {
        return text.isEmpty() ? null : text;
    }
}
