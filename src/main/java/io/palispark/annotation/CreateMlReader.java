package io.palispark.annotation;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import io.palispark.annotation.AnnotationRecord.ImageRow;
import io.palispark.annotation.AnnotationRecord.RowKind;
import io.palispark.geometry.Box;
import java.io.EOFException;
import java.io.IOException;
import java.util.zip.ZipException;

/** The pictures of a Create ML document. Names are relative to the document's folder. */
final class CreateMlReader {

    private static final int SNIFFED_PICTURES = 1_000;
    /** Boxes are written rounded to whole pixels. */
    private static final double ROUNDING = 1;

    private final BoxAnchor anchor;
    private final String folder;
    private final RecordQueue out;

    private CreateMlReader(AnnotationInput input, BoxAnchor anchor) {
        this.anchor = anchor;
        this.folder = PictureNames.folder(input.name());
        this.out = new RecordQueue(input.name());
    }

    static AnnotationReader open(AnnotationInput input, BoxAnchor anchor, ReadLimits limits) throws IOException {
        CreateMlReader reader = new CreateMlReader(input, anchor);
        return ListSteps.open(input, limits, reader.out, reader::read);
    }

    /** True when a box of the first pictures would begin left of or above its picture if x and y were its centre. */
    static boolean beginsOutside(AnnotationSource source, ReadLimits limits) throws IOException {
        try (JsonParser parser = JsonDocument.open(source, limits)) {
            if (parser.nextToken() != JsonToken.START_ARRAY) {
                return false;
            }
            for (int i = 0; i < SNIFFED_PICTURES && parser.nextToken() == JsonToken.START_OBJECT; i++) {
                for (JsonNode annotation : annotations(SmallDocument.tree(parser))) {
                    JsonNode box = annotation.path("coordinates");
                    double left = box.path("x").asDouble() - box.path("width").asDouble() / 2;
                    double top = box.path("y").asDouble() - box.path("height").asDouble() / 2;
                    if (Math.min(left, top) < -ROUNDING) {
                        return true;
                    }
                }
            }
            return false;
        } catch (JsonProcessingException | EOFException | ZipException unreadable) {
            return false;
        }
    }

    private static JsonNode annotations(JsonNode picture) {
        return picture.has("annotations") ? picture.path("annotations") : picture.path("annotation");
    }

    private void read(JsonNode picture, long index) {
        String place = "picture " + (index + 1);
        out.seen(RowKind.IMAGE);
        String image = "";
        try {
            image = image(picture);
            if (!annotations(picture).isArray()) {
                throw new DocumentException(ReasonCode.KEY_MISSING, "no list of annotations");
            }
            out.add(new ImageRow(image, image, 0, 0, SizeClaim.NONE, SplitName.ofPath(image)));
        } catch (DocumentException unusable) {
            out.reject(image, RowKind.IMAGE, "", unusable.reason(), place + ": " + unusable.getMessage());
            return;
        }
        int number = 0;
        for (JsonNode annotation : annotations(picture)) {
            number++;
            out.seen(RowKind.OBJECT);
            ObjectDraft draft = new ObjectDraft(image, number, image + "#" + number, place + ", annotation " + number);
            readObject(annotation, draft);
            draft.emit(out);
        }
    }

    private String image(JsonNode picture) throws DocumentException {
        JsonNode stated = picture.has("image") ? picture.path("image") : picture.path("imagefilename");
        if (!stated.isTextual() || stated.asText().isBlank()) {
            throw new DocumentException(ReasonCode.IMAGE_NAME_MISSING, "no image");
        }
        String path = SafeName.of(stated.asText().strip())
                .orElseThrow(() -> new DocumentException(ReasonCode.IMAGE_NAME_UNSAFE, Defect.quote(stated.asText())))
                .path();
        return folder.isEmpty()
                ? path
                : SafeName.of(folder + "/" + path).map(SafeName::path).orElse(path);
    }

    private void readObject(JsonNode annotation, ObjectDraft draft) {
        JsonNode label = annotation.path("label");
        draft.label(label.isTextual() ? label.asText() : null);
        JsonNode box = annotation.path("coordinates");
        if (!box.isObject()) {
            draft.reject(ReasonCode.BOX_MISSING, "no coordinates");
            return;
        }
        double x = draft.number(box.path("x"), "x");
        double y = draft.number(box.path("y"), "y");
        double width = draft.number(box.path("width"), "width");
        double height = draft.number(box.path("height"), "height");
        if (!draft.isRejected()) {
            draft.box(
                    switch (anchor) {
                        case CENTRE -> new Box(x - width / 2, y - height / 2, width, height);
                        case CORNER -> new Box(x, y, width, height);
                    });
        }
    }
}
