package io.palispark.annotation;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import io.palispark.annotation.AnnotationRecord.RowKind;
import io.palispark.annotation.AnnotationRecord.Totals;
import io.palispark.annotation.TwoPassReader.Remainder;
import io.palispark.annotation.TwoPassReader.Stage;
import io.palispark.geometry.Box;
import io.palispark.geometry.RunLengthMask;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** COCO panoptic: segments, things and stuff alike, with the pixels that have their number in the picture of segments. */
final class PanopticReader {

    private static final List<String> SECTIONS = List.of("images", "annotations", "categories");

    private final ReadLimits limits;
    private final Map<String, AnnotationSource> files;
    private final TwoPassReader rows;
    private final CategoryTable categories;
    private final ImageTable images;

    private PanopticReader(AnnotationInput input, ReadLimits limits) {
        this.limits = limits;
        this.files = input.shared();
        this.categories = new CategoryTable(limits);
        this.images = new ImageTable(limits);
        this.rows = new TwoPassReader(input.format(), input.name(), limits);
    }

    static AnnotationReader open(AnnotationInput input, ReadLimits limits) throws IOException {
        PanopticReader reader = new PanopticReader(input, limits);
        Stage stage = new Stage(
                input.entries().get(0).main(),
                Map.of(
                        "images", reader.images::note,
                        "annotations", (parser, sequence) -> JsonDocument.walk(parser),
                        "categories", reader.categories::read),
                reader::endOfFirstPass,
                Map.of(
                        "images",
                        (parser, sequence) -> reader.images.read(parser, sequence, reader.rows.queue()),
                        "annotations",
                        reader::read));
        return reader.rows.open(List.of(stage), Remainder.NONE, reader::totals);
    }

    private Totals totals() {
        return new Totals(
                rows.queue().source(), images.rows(), rows.queue().totals().objects(), 0, 0);
    }

    private void endOfFirstPass(Set<String> present) throws DocumentException {
        TwoPassReader.requireSections(present, SECTIONS);
        images.close();
        categories.defects().forEach(defect -> rows.queue().finding("", RowKind.FILE, "", defect));
    }

    private void read(JsonParser parser, long sequence) throws IOException {
        JsonNode record = SmallDocument.tree(parser);
        String place = "annotations[" + sequence + "]";
        String image = record.path("image_id").asText("");
        Map<Integer, RunLengthMask> masks = masks(record.path("file_name").asText(""), image, place);
        JsonNode segments = record.path("segments_info");
        for (int i = 0; i < segments.size(); i++) {
            rows.queue().seen(RowKind.OBJECT);
            JsonNode segment = segments.get(i);
            String number = segment.path("id").asText("");
            ObjectDraft draft = new ObjectDraft(image, i, image + "#" + number, place + ": segments_info[" + i + "]")
                    .measure(Measure.PAINTED_PIXELS);
            readSegment(segment, masks.remove(segment.path("id").asInt(0)), draft);
            if (!images.contains(new RowId(image, false))) {
                draft.reject(ReasonCode.ANNOTATION_ORPHAN, "no image has id " + Defect.quote(image));
            }
            draft.emit(rows.queue());
        }
        for (int left : masks.keySet()) {
            Defect unmatched =
                    Defect.warn(ReasonCode.MASK_UNMATCHED, place + ": pixels of number " + left + " have no segment");
            rows.queue().finding(image, RowKind.IMAGE, "", unmatched);
        }
    }

    /** By segment number; none where the picture is missing or unreadable, which is remarked on once. */
    private Map<Integer, RunLengthMask> masks(String name, String image, String place) throws IOException {
        AnnotationSource file = files.get(PanopticFormat.SEGMENTS + PictureNames.lastPart(name));
        Defect defect;
        if (file == null) {
            defect = Defect.repair(ReasonCode.MASK_MISSING, place + ": no picture " + Defect.quote(name));
        } else {
            try {
                LabelPicture picture = LabelPicture.read(file, limits);
                LabelPicture numbers = picture.kind() == LabelPicture.Values.INDICES
                        ? picture
                        : picture.mapped(PanopticReader::number);
                return new HashMap<>(numbers.masks(number -> number == 0));
            } catch (DocumentException unusable) {
                defect = Defect.repair(unusable.reason(), place + ": " + name + ": " + unusable.getMessage());
            }
        }
        rows.queue().finding(image, RowKind.IMAGE, "", defect);
        return new HashMap<>();
    }

    /** Red counts ones, green 256s, blue 65536s. */
    private static int number(int colour) {
        return colour >> 16 & 0xff | colour & 0xff00 | (colour & 0xff) << 16;
    }

    private void readSegment(JsonNode segment, RunLengthMask mask, ObjectDraft draft) {
        String category = segment.path("category_id").asText("");
        String name = categories.name(new RowId(category, false));
        if (name == null) {
            draft.reject(ReasonCode.CATEGORY_UNKNOWN, "no category has id " + Defect.quote(category));
        }
        draft.label(name);
        draft.area(segment.path("area").asDouble(Double.NaN));
        if (segment.path("iscrowd").asInt(0) == 1) {
            draft.crowd();
        }
        if (mask != null) {
            draft.region(mask);
            return;
        }
        JsonNode box = segment.path("bbox");
        draft.repair(ReasonCode.MASK_UNMATCHED, "no pixel has its number: kept as a box");
        if (box.size() != 4) {
            draft.reject(ReasonCode.BOX_FIELD_COUNT, "bbox of " + box.size() + " numbers");
            return;
        }
        double[] sides = new double[4];
        for (int i = 0; i < sides.length; i++) {
            sides[i] = draft.number(box.get(i), "bbox[" + i + "]");
        }
        draft.box(new Box(sides[0], sides[1], sides[2], sides[3]));
    }
}
