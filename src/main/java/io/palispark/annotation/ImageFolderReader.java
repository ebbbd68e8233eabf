package io.palispark.annotation;

import com.fasterxml.jackson.databind.JsonNode;
import io.palispark.annotation.AnnotationRecord.CaptionRow;
import io.palispark.annotation.AnnotationRecord.RowKind;
import io.palispark.geometry.Box;
import java.io.IOException;

/**
 * A {@code metadata.jsonl}: a line a picture, with {@code objects} of COCO boxes and categories, or with a {@code text}
 * that is its caption.
 */
final class ImageFolderReader {

    private final ReadLimits limits;
    private final String folder;
    private final RecordQueue out;
    private final NamedImages images;
    private final RowHashes met = new RowHashes();

    private ImageFolderReader(AnnotationInput input, ReadLimits limits) {
        this.limits = limits;
        this.folder = PictureNames.folder(input.entries().get(0).name());
        this.out = new RecordQueue(input.name());
        this.images = new NamedImages(out);
    }

    static AnnotationReader open(AnnotationInput input, ReadLimits limits) throws IOException {
        ImageFolderReader reader = new ImageFolderReader(input, limits);
        return LineSteps.open(
                input, input.entries().get(0).main(), limits, reader.out, (line, number) -> {}, reader::read);
    }

    private void read(String line, long number) throws IOException {
        String place = "line " + number;
        String image = "";
        try {
            JsonNode row = SmallDocument.object(line, limits);
            image = image(row.path("file_name").asText(""));
            boolean objects = row.path("objects").isObject();
            if (!objects && !row.has("text")) {
                throw new DocumentException(ReasonCode.KEY_MISSING, "neither objects nor text");
            }
            if (objects) {
                readObjects(row, image, number, place);
            }
            if (row.has("text")) {
                meet(row, image, place);
                readCaption(row.get("text"), image, number, place);
            }
            if (met.isRepeat(line)) {
                Defect repeat = Defect.warn(ReasonCode.ROW_DUPLICATE, place + ": the same line occurs before");
                out.finding(image, RowKind.IMAGE, "", repeat);
            }
        } catch (DocumentException unusable) {
            out.seen(RowKind.IMAGE);
            out.reject(image, RowKind.IMAGE, "", unusable.reason(), place + ": " + unusable.getMessage());
        }
    }

    /** Relative to the metadata file. */
    private String image(String stated) {
        return SafeName.of(stated)
                .map(name -> folder.isEmpty() ? name.path() : folder + "/" + name.path())
                .orElse(stated);
    }

    private void meet(JsonNode row, String image, String place) {
        SizeClaim claim = row.has("width") && row.has("height") ? SizeClaim.STATED : SizeClaim.NONE;
        images.meet(
                image,
                row.path("height").asInt(0),
                row.path("width").asInt(0),
                claim,
                SplitName.ofPath(image),
                row.path(limits.groupField()).asText(""),
                place);
    }

    private void readObjects(JsonNode row, String image, long number, String place) throws DocumentException {
        JsonNode boxes = row.path("objects").path("bbox");
        JsonNode labels = row.path("objects").has("categories")
                ? row.path("objects").path("categories")
                : row.path("objects").path("category");
        if (!boxes.isArray() || !labels.isArray()) {
            throw new DocumentException(ReasonCode.KEY_MISSING, "objects without lists bbox and categories");
        }
        if (boxes.size() != labels.size()) {
            throw new DocumentException(
                    ReasonCode.LIST_LENGTH_MISMATCH, boxes.size() + " boxes and " + labels.size() + " categories");
        }
        meet(row, image, place);
        for (int i = 0; i < boxes.size(); i++) {
            out.seen(RowKind.OBJECT);
            ObjectDraft object =
                    new ObjectDraft(image, i, image + "#" + number + "." + (i + 1), place + ": objects[" + i + "]");
            object.label(labels.get(i).isNull() ? "" : labels.get(i).asText(""));
            JsonNode box = boxes.get(i);
            if (box.size() != 4) {
                object.reject(ReasonCode.BOX_FIELD_COUNT, "a box of " + box.size() + " numbers");
            } else {
                double[] sides = new double[4];
                for (int side = 0; side < sides.length; side++) {
                    sides[side] = object.number(box.get(side), "bbox[" + side + "]");
                }
                object.box(new Box(sides[0], sides[1], sides[2], sides[3]));
            }
            object.emit(out);
        }
    }

    private void readCaption(JsonNode stated, String image, long number, String place) {
        out.seen(RowKind.CAPTION);
        String id = image + "#" + number;
        TextLine line = TextLine.of(stated.isTextual() ? stated.asText() : "", limits);
        if (line.isRejected()) {
            Defect defect = line.defects().get(0);
            out.reject(image, RowKind.CAPTION, id, defect.reason(), place + ": " + defect.detail());
            return;
        }
        out.add(new CaptionRow(image, number, id, line.text()));
        line.defects()
                .forEach(defect -> out.finding(
                        image,
                        RowKind.CAPTION,
                        id,
                        new Defect(defect.reason(), defect.outcome(), place + ": " + defect.detail())));
    }
}
