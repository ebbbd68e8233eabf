package io.palispark.annotation;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import io.palispark.annotation.AnnotationRecord.RowKind;
import io.palispark.geometry.Box;
import java.io.CharConversionException;
import java.io.EOFException;
import java.io.IOException;
import java.util.zip.ZipException;

/**
 * COCO-Text, streamed twice. An object's label is the word as people read it; what nobody could read is a crowd region
 * named {@code illegible text}, so that it is neither learnt nor counted as absent.
 */
final class CocoTextReader implements AnnotationRows.Steps {

    private static final String ILLEGIBLE = "illegible text";
    private static final int OUTLINE = 6;

    private final AnnotationSource source;
    private final ReadLimits limits;
    private final RecordQueue out;
    private final IdIndex images = new IdIndex();
    private JsonParser parser;
    private String section = "";
    private long sequence;

    private CocoTextReader(AnnotationInput input, ReadLimits limits) {
        this.source = input.entries().get(0).main();
        this.limits = limits;
        this.out = new RecordQueue(input.name());
    }

    static AnnotationReader open(AnnotationInput input, ReadLimits limits) throws IOException {
        CocoTextReader reader = new CocoTextReader(input, limits);
        try {
            reader.survey();
        } catch (DocumentException unusable) {
            return AnnotationRows.rejected(input.format(), input.name(), unusable);
        }
        return AnnotationRows.of(input.format(), reader.out, reader);
    }

    /** First pass: the ids of the images, and damage anywhere. */
    private void survey() throws IOException, DocumentException {
        boolean texts = false;
        try (JsonParser all = JsonDocument.open(source, limits)) {
            JsonToken first = all.nextToken();
            if (first != JsonToken.START_OBJECT) {
                throw first == null
                        ? new DocumentException(ReasonCode.FILE_EMPTY, "no content")
                        : new DocumentException(ReasonCode.DOCUMENT_KIND_UNEXPECTED, "the document is no object");
            }
            while (all.nextToken() == JsonToken.FIELD_NAME) {
                String name = all.currentName();
                boolean object = all.nextToken() == JsonToken.START_OBJECT;
                texts |= name.equals("anns") && object;
                if (name.equals("imgs") && object) {
                    noteImages(all);
                } else {
                    JsonDocument.walk(all);
                }
            }
        } catch (JsonProcessingException invalid) {
            throw FirstPass.syntax(source, invalid);
        } catch (CharConversionException undecodable) {
            throw new DocumentException(ReasonCode.ENCODING_INVALID, undecodable.getMessage());
        } catch (EOFException | ZipException damaged) {
            throw new DocumentException(
                    ReasonCode.SYNTAX_INVALID, "the compressed file is cut or damaged: " + damaged.getMessage());
        }
        if (images.size() == 0 || !texts) {
            throw new DocumentException(ReasonCode.KEY_MISSING, "no objects \"imgs\" and \"anns\"");
        }
    }

    private void noteImages(JsonParser all) throws IOException, DocumentException {
        while (all.nextToken() == JsonToken.FIELD_NAME) {
            images.putIfAbsent(all.currentName(), 1);
            if (images.size() > limits.rows()) {
                throw new DocumentException(ReasonCode.ROW_COUNT_EXCEEDED, "more than " + limits.rows() + " images");
            }
            all.nextToken();
            JsonDocument.walk(all);
        }
    }

    @Override
    public boolean step() throws IOException {
        if (parser == null) {
            parser = JsonDocument.open(source, limits);
            parser.nextToken();
        }
        JsonToken token = parser.nextToken();
        if (token == JsonToken.END_OBJECT) {
            boolean more = !section.isEmpty();
            section = "";
            return more;
        }
        String name = parser.currentName();
        JsonToken value = parser.nextToken();
        if (section.isEmpty()) {
            boolean wanted = (name.equals("imgs") || name.equals("anns")) && value == JsonToken.START_OBJECT;
            section = wanted ? name : "";
            if (!wanted) {
                parser.skipChildren();
            }
        } else {
            JsonNode row = SmallDocument.tree(parser);
            if (section.equals("imgs")) {
                readImage(name, row);
            } else {
                readText(name, row);
            }
        }
        return true;
    }

    private void readImage(String id, JsonNode row) {
        out.seen(RowKind.IMAGE);
        String stated = row.path("file_name").asText("");
        String name = SafeName.of(stated).map(SafeName::path).orElse("");
        if (name.isEmpty()) {
            ReasonCode reason = stated.isBlank() ? ReasonCode.IMAGE_NAME_MISSING : ReasonCode.IMAGE_NAME_UNSAFE;
            out.reject(id, RowKind.IMAGE, "", reason, "image " + id + ": " + Defect.quote(stated));
            return;
        }
        out.add(new AnnotationRecord.ImageRow(
                id,
                name,
                Math.max(0, row.path("height").asInt(0)),
                Math.max(0, row.path("width").asInt(0)),
                SizeClaim.STATED,
                row.path("set").asText("")));
    }

    private void readText(String id, JsonNode row) {
        out.seen(RowKind.OBJECT);
        String image = row.path("image_id").asText("");
        ObjectDraft object = new ObjectDraft(image, sequence++, id, "text " + id);
        if (!images.contains(image)) {
            object.reject(ReasonCode.ANNOTATION_ORPHAN, "no image has id " + Defect.quote(image));
        }
        String word = row.path("utf8_string").asText("");
        if (word.isBlank()) {
            object.crowd();
            object.label(ILLEGIBLE);
        } else {
            TextLine line = TextLine.of(word, limits);
            object.label(line.text());
        }
        JsonNode box = row.path("bbox");
        double[] sides = new double[4];
        for (int i = 0; i < sides.length; i++) {
            sides[i] = object.number(box.get(i), "bbox[" + i + "]");
        }
        object.box(new Box(sides[0], sides[1], sides[2], sides[3]));
        object.area(row.path("area").asDouble(Double.NaN));
        readOutline(row.has("mask") ? row.path("mask") : row.path("polygon"), object);
        object.emit(out);
    }

    private void readOutline(JsonNode outline, ObjectDraft object) {
        double[] vertices = new double[outline.size()];
        for (int i = 0; i < vertices.length; i++) {
            vertices[i] = StatedNumber.of(outline.get(i)).value();
            if (Double.isNaN(vertices[i])) {
                object.repair(ReasonCode.NUMBER_INVALID, "the outline holds no number at " + i + ": kept as a box");
                return;
            }
        }
        if (vertices.length >= OUTLINE && vertices.length % 2 == 0) {
            object.ring(vertices, limits);
        } else if (vertices.length > 0) {
            object.repair(ReasonCode.POLYGON_POINT_COUNT, vertices.length + " numbers: kept as a box");
        }
    }

    @Override
    public void close() throws IOException {
        if (parser != null) {
            parser.close();
        }
    }
}
