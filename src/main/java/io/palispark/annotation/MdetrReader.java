package io.palispark.annotation;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import io.palispark.annotation.AnnotationRecord.ImageRow;
import io.palispark.annotation.AnnotationRecord.RowKind;
import io.palispark.annotation.TwoPassReader.Remainder;
import io.palispark.annotation.TwoPassReader.Stage;
import io.palispark.geometry.Box;
import io.palispark.geometry.Region;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * MDETR's referring expressions. The records of one picture are brought together by their {@code original_id}; an object's
 * label is its expression. The expressions are held in memory.
 */
final class MdetrReader {

    private final ReadLimits limits;
    private final String split;
    private final TwoPassReader rows;
    private final Map<String, Expression> expressions = new HashMap<>();
    private final Set<String> emitted = new HashSet<>();

    /** One image record. */
    private record Expression(String image, String caption) {}

    private MdetrReader(AnnotationInput input, ReadLimits limits) {
        this.limits = limits;
        this.split = split(PictureNames.lastPart(input.name()));
        this.rows = new TwoPassReader(input.format(), input.name(), limits);
    }

    private static String split(String name) {
        return name.contains("train") ? "train" : name.contains("val") ? "val" : name.contains("test") ? "test" : "";
    }

    static AnnotationReader open(AnnotationInput input, ReadLimits limits) throws IOException {
        MdetrReader reader = new MdetrReader(input, limits);
        Stage stage = new Stage(
                input.entries().get(0).main(),
                Map.of("images", reader::note, "annotations", (parser, sequence) -> JsonDocument.walk(parser)),
                present -> TwoPassReader.requireSections(present, List.of("images", "annotations")),
                Map.of("images", reader::readImage, "annotations", reader::readObject));
        return reader.rows.open(List.of(stage), Remainder.NONE, reader.rows.queue()::totals);
    }

    private void note(JsonParser parser, long sequence) throws IOException, DocumentException {
        if (sequence >= limits.rows()) {
            throw new DocumentException(ReasonCode.ROW_COUNT_EXCEEDED, "more than " + limits.rows() + " images");
        }
        JsonNode row = SmallDocument.tree(parser);
        String id = id(row, "id");
        String original = id(row, "original_id");
        String caption = row.path("caption").isTextual() ? row.get("caption").asText() : null;
        expressions.putIfAbsent(id, new Expression(original.isEmpty() ? "record " + id : original, caption));
    }

    private static String id(JsonNode row, String key) {
        JsonNode value = row.path(key);
        return value.isTextual() || value.isIntegralNumber() ? value.asText() : "";
    }

    private void readImage(JsonParser parser, long sequence) throws IOException {
        RecordQueue out = rows.queue();
        JsonNode row = SmallDocument.tree(parser);
        String place = "images[" + sequence + "]";
        String id = id(row, "id");
        Expression expression = expressions.get(id);
        if (id.isEmpty()) {
            out.seen(RowKind.IMAGE);
            out.reject("", RowKind.IMAGE, "", ReasonCode.ID_MISSING, place + " has no id");
            return;
        }
        if (!emitted.add(expression.image())) {
            return;
        }
        out.seen(RowKind.IMAGE);
        String stated = row.path("file_name").asText("");
        String name = SafeName.of(stated).map(SafeName::path).orElse("");
        if (name.isEmpty()) {
            ReasonCode reason = stated.isBlank() ? ReasonCode.IMAGE_NAME_MISSING : ReasonCode.IMAGE_NAME_UNSAFE;
            out.reject(expression.image(), RowKind.IMAGE, "", reason, place + ": " + Defect.quote(stated));
            return;
        }
        out.add(new ImageRow(
                expression.image(), name, side(row, "height"), side(row, "width"), SizeClaim.STATED, split));
        if (id(row, "original_id").isEmpty()) {
            Defect alone = Defect.warn(
                    ReasonCode.ID_MISSING, place + " has no original_id: not brought together with its picture");
            out.finding(expression.image(), RowKind.IMAGE, "", alone);
        }
    }

    private static int side(JsonNode row, String key) {
        return Math.max(0, row.path(key).asInt(0));
    }

    private void readObject(JsonParser parser, long sequence) throws IOException {
        RecordQueue out = rows.queue();
        JsonNode row = SmallDocument.tree(parser);
        String place = "annotations[" + sequence + "]";
        Expression expression = expressions.get(id(row, "image_id"));
        String image = expression == null ? "" : expression.image();
        out.seen(RowKind.OBJECT);
        ObjectDraft object = new ObjectDraft(image, sequence, "expression " + sequence, place);
        if (expression == null) {
            object.reject(ReasonCode.ANNOTATION_ORPHAN, "no image record with the id of image_id");
        } else {
            readCaption(expression.caption(), row.path("tokens_positive"), object);
        }
        readBox(row.path("bbox"), object);
        CocoSegmentation segmentation = segmentation(row.path("segmentation"));
        Region region = segmentation.region().orElse(null);
        if (region != null) {
            object.region(region);
        }
        segmentation.reason().ifPresent(reason -> object.repair(reason, segmentation.detail()));
        object.area(row.path("area").asDouble(Double.NaN));
        object.emit(out);
    }

    private void readCaption(String caption, JsonNode spans, ObjectDraft object) {
        if (caption == null) {
            object.reject(ReasonCode.TEXT_MISSING, "no caption");
            return;
        }
        TextLine line = TextLine.of(caption, limits);
        if (line.isRejected()) {
            Defect defect = line.defects().get(0);
            object.reject(defect.reason(), defect.detail());
            return;
        }
        object.label(line.text());
        for (JsonNode span : spans) {
            int start = span.path(0).asInt(-1);
            int end = span.path(1).asInt(-1);
            if (start < 0 || end < start || end > caption.length()) {
                object.warn(ReasonCode.SPAN_OUT_OF_RANGE, "tokens_positive holds " + Defect.quote(span.toString()));
            }
        }
    }

    private static void readBox(JsonNode box, ObjectDraft object) {
        if (box.size() != 4) {
            object.reject(ReasonCode.BOX_FIELD_COUNT, "bbox of " + box.size() + " numbers");
            return;
        }
        double[] sides = new double[4];
        for (int i = 0; i < sides.length; i++) {
            sides[i] = object.number(box.get(i), "bbox[" + i + "]");
        }
        object.box(new Box(sides[0], sides[1], sides[2], sides[3]));
    }

    private CocoSegmentation segmentation(JsonNode value) throws IOException {
        JsonNode present = value.isMissingNode() ? com.fasterxml.jackson.databind.node.NullNode.instance : value;
        try (JsonParser parser = present.traverse()) {
            return CocoSegmentation.read(parser, limits);
        }
    }
}
