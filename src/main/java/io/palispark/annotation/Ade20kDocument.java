package io.palispark.annotation;

import com.fasterxml.jackson.databind.JsonNode;
import io.palispark.annotation.AnnotationInput.Entry;
import io.palispark.annotation.AnnotationRecord.ImageRow;
import io.palispark.annotation.AnnotationRecord.RowKind;
import io.palispark.geometry.RunLengthMask;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The objects of one ADE20K picture and their parts, each an object. The blue channel of a label picture tells instances
 * of a level apart: the n-th smallest value is instance n of the list. Of the names of a class the first is the label.
 */
final class Ade20kDocument {

    private static final int BLUE = 0xFF;
    private static final int FIELDS = 6;

    private final ReadLimits limits;

    Ade20kDocument(ReadLimits limits) {
        this.limits = limits;
    }

    /**
     * An object as listed.
     *
     * @param mask role of its own mask, empty where only label pictures show it
     * @param outline x1, y1, x2, y2, ...; empty where there is none
     */
    private record Listed(int level, int instance, String names, String mask, double[] outline) {}

    void read(Entry entry, RecordQueue out) throws IOException, DocumentException {
        if (entry.picture().isEmpty()) {
            throw new DocumentException(ReasonCode.IMAGE_MISSING, "no picture goes with " + entry.name());
        }
        List<Listed> objects = FileListing.isJson(entry.name()) ? document(entry) : lines(entry);
        AnnotationSource seg = entry.files().get(Ade20kFormat.LEVEL + 0);
        LabelPicture whole = LabelPicture.read(seg, limits);
        String image = entry.picture();
        out.add(new ImageRow(
                image,
                image,
                whole.size().height(),
                whole.size().width(),
                SizeClaim.PAINTED,
                SplitName.ofPath(entry.name())));
        Map<Integer, List<RunLengthMask>> levels = new HashMap<>();
        levels.put(0, instances(whole));
        for (int i = 0; i < objects.size(); i++) {
            Listed listed = objects.get(i);
            out.seen(RowKind.OBJECT);
            ObjectDraft draft = new ObjectDraft(image, i, image + "#" + (i + 1), entry.name() + " object " + (i + 1))
                    .measure(Measure.PAINTED_PIXELS);
            draft.label(listed.names().split(",", 2)[0]);
            try {
                region(listed, entry, levels, draft);
            } catch (DocumentException unusable) {
                draft.reject(unusable.reason(), unusable.getMessage());
            }
            draft.emit(out);
        }
    }

    private void region(Listed listed, Entry entry, Map<Integer, List<RunLengthMask>> levels, ObjectDraft draft)
            throws IOException, DocumentException {
        AnnotationSource own = entry.files().get(listed.mask());
        if (!listed.mask().isEmpty() && own != null) {
            LabelPicture picture = LabelPicture.read(own, limits).mapped(value -> value == 0 ? 0 : 1);
            draft.region(picture.masks(value -> value == 0).getOrDefault(1, RunLengthMask.empty(picture.size())));
        } else if (listed.outline().length > 0) {
            draft.measure(Measure.PIXELS).ring(listed.outline(), limits);
        } else {
            List<RunLengthMask> masks = level(listed.level(), entry, levels);
            if (listed.instance() < 1 || listed.instance() > masks.size()) {
                draft.reject(
                        ReasonCode.MASK_UNMATCHED,
                        "instance " + listed.instance() + " of level " + listed.level() + " is not painted");
            } else {
                draft.region(masks.get(listed.instance() - 1));
            }
        }
    }

    private List<RunLengthMask> level(int level, Entry entry, Map<Integer, List<RunLengthMask>> levels)
            throws IOException, DocumentException {
        List<RunLengthMask> known = levels.get(level);
        if (known == null) {
            AnnotationSource file = entry.files().get(Ade20kFormat.LEVEL + level);
            known = file == null ? List.of() : instances(LabelPicture.read(file, limits));
            levels.put(level, known);
        }
        return known;
    }

    private static List<RunLengthMask> instances(LabelPicture picture) {
        return List.copyOf(picture.mapped(colour -> colour & BLUE)
                .masks(value -> value == 0)
                .values());
    }

    /** {@code instance # level # occluded # names # raw name # "attributes"}, a line an object. */
    private List<Listed> lines(Entry entry) throws IOException, DocumentException {
        List<Listed> objects = new ArrayList<>();
        for (String line : SmallDocument.text(entry.main(), limits).lines().toList()) {
            if (line.isBlank()) {
                continue;
            }
            String[] fields = line.split("#", FIELDS);
            if (fields.length != FIELDS) {
                throw new DocumentException(
                        ReasonCode.FIELD_COUNT_INVALID, fields.length + " fields in " + Defect.quote(line));
            }
            objects.add(new Listed(
                    whole(fields[1].strip(), "level"),
                    whole(fields[0].strip(), "instance"),
                    fields[3],
                    "",
                    new double[0]));
        }
        return objects;
    }

    private static int whole(String text, String what) throws DocumentException {
        StatedNumber number = StatedNumber.of(text);
        if (!number.isValid() || number.value() != (int) number.value()) {
            throw new DocumentException(ReasonCode.NUMBER_INVALID, what + " is " + number.stated());
        }
        return (int) number.value();
    }

    private List<Listed> document(Entry entry) throws IOException, DocumentException {
        JsonNode stated =
                SmallDocument.object(entry.main(), limits).path("annotation").path("object");
        if (stated.isMissingNode()) {
            throw new DocumentException(ReasonCode.KEY_MISSING, "no \"annotation\" with \"object\"");
        }
        List<Listed> objects = new ArrayList<>();
        // One object alone is written without a list.
        for (JsonNode object : stated.isArray() ? stated : List.of(stated)) {
            objects.add(new Listed(
                    object.path("parts").path("part_level").asInt(),
                    0,
                    object.path("name").asText(""),
                    object.path("instance_mask").asText(""),
                    outline(object.path("polygon"))));
        }
        return objects;
    }

    private static double[] outline(JsonNode polygon) {
        int points = Math.min(polygon.path("x").size(), polygon.path("y").size());
        double[] vertices = new double[2 * points];
        for (int i = 0; i < points; i++) {
            vertices[2 * i] = polygon.path("x").path(i).asDouble();
            vertices[2 * i + 1] = polygon.path("y").path(i).asDouble();
        }
        return vertices;
    }
}
