package io.palispark.annotation;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;

/** Which keys the elements of a file's {@code annotations} have, to tell objects from captions, answers and segments. */
final class AnnotationKind {

    private long objects;
    private long captions;
    private long answers;
    private long panoptic;

    /** First pass over one element: its id, {@link RowId#NONE} without one. Meets the limits of all fields that readers use. */
    RowId note(JsonParser parser) throws IOException {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            JsonDocument.walk(parser);
            return RowId.NONE;
        }
        RowId id = RowId.NONE;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String field = parser.currentName();
            parser.nextToken();
            switch (field) {
                case "id" -> id = RowId.read(parser);
                case "caption" -> captions++;
                case "bbox", "segmentation" -> objects++;
                case "question_id" -> answers++;
                case "segments_info" -> panoptic++;
                default -> {}
            }
            if (isRead(field)) {
                JsonDocument.walk(parser);
            } else {
                parser.skipChildren();
            }
        }
        return id;
    }

    private static boolean isRead(String field) {
        return switch (field) {
            case "bbox", "segmentation", "caption", "image_id", "category_id", "area", "iscrowd" -> true;
            default -> false;
        };
    }

    void requireObjects() throws DocumentException {
        if (objects == 0 && captions + answers + panoptic > 0) {
            throw unexpected("objects");
        }
    }

    void requireCaptions() throws DocumentException {
        if (captions == 0 && objects + answers + panoptic > 0) {
            throw unexpected("captions");
        }
    }

    private DocumentException unexpected(String wanted) {
        String found =
                objects > 0 ? "objects" : captions > 0 ? "captions" : answers > 0 ? "answers" : "panoptic segments";
        return new DocumentException(
                ReasonCode.DOCUMENT_KIND_UNEXPECTED, "the annotations are " + found + ", not " + wanted);
    }
}
