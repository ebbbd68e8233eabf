package io.palispark.annotation;

import io.palispark.annotation.AnnotationInput.Entry;
import io.palispark.annotation.AnnotationRecord.ImageRow;
import io.palispark.annotation.AnnotationRecord.RowKind;
import io.palispark.geometry.Box;
import io.palispark.geometry.RunLengthMask;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** One Pascal VOC document with the instance masks of its picture: number n there is the n-th object here. */
final class VocDocument {

    private static final int VOID = 255;

    private final VocBase base;
    private final Map<String, String> splits;
    private final ReadLimits limits;

    /** @param splits by the picture's name without folder and extension */
    VocDocument(VocBase base, Map<String, String> splits, ReadLimits limits) {
        this.base = base;
        this.splits = splits;
        this.limits = limits;
    }

    void read(Entry entry, RecordQueue out) throws IOException, DocumentException {
        XmlElement root = XmlDocument.root(entry.main(), "annotation", limits);
        List<Defect> notes = new ArrayList<>();
        String image = image(entry, root, notes);
        String group = limits.groupField().isEmpty() ? null : root.childText(limits.groupField());
        out.add(new ImageRow(
                        image, image, side(root, "height"), side(root, "width"), SizeClaim.STATED, split(entry, image))
                .inGroup(group == null ? "" : group));
        Optional<Map<Integer, RunLengthMask>> masks = masks(entry, notes);
        List<XmlElement> objects = root.children("object");
        masks.ifPresent(numbers -> numbers.keySet().stream()
                .filter(number -> number > objects.size())
                .forEach(number ->
                        notes.add(Defect.warn(ReasonCode.MASK_UNMATCHED, "instance " + number + " has no object"))));
        for (Defect note : notes) {
            String detail = entry.name() + ": " + note.detail();
            out.finding(image, RowKind.IMAGE, "", new Defect(note.reason(), note.outcome(), detail));
        }
        Set<String> met = new HashSet<>();
        for (int i = 0; i < objects.size(); i++) {
            out.seen(RowKind.OBJECT);
            ObjectDraft draft = new ObjectDraft(image, i, image + "#" + (i + 1), entry.name() + " object " + (i + 1))
                    .measure(Measure.PAINTED_PIXELS);
            readObject(objects.get(i), draft, met);
            if (masks.isPresent()) {
                addMask(draft, Optional.ofNullable(masks.get().get(i + 1)));
            }
            draft.emit(out);
        }
    }

    /** The picture that the document's own name leads to, else the stated one. */
    private static String image(Entry entry, XmlElement root, List<Defect> notes) throws DocumentException {
        String stated = Optional.ofNullable(root.childText("filename")).orElse("");
        if (!entry.picture().isEmpty()) {
            String last = PictureNames.lastPart(stated.replace('\\', '/'));
            if (!last.equals(PictureNames.lastPart(entry.picture()))) {
                notes.add(Defect.repair(
                        ReasonCode.IMAGE_NAME_MISMATCH,
                        "filename is " + Defect.quote(stated) + ", taken as " + entry.picture()));
            }
            return entry.picture();
        }
        if (stated.isBlank()) {
            throw new DocumentException(ReasonCode.IMAGE_NAME_MISSING, "no filename and no picture of this name");
        }
        return SafeName.of(stated)
                .orElseThrow(() -> new DocumentException(ReasonCode.IMAGE_NAME_UNSAFE, Defect.quote(stated)))
                .path();
    }

    private String split(Entry entry, String image) {
        String listed = splits.get(PictureNames.lastPart(PictureNames.stem(image)));
        return listed == null ? SplitName.ofPath(entry.name()) : listed;
    }

    /** 0 for what is no size; the picture tells it then. */
    private static int side(XmlElement root, String name) {
        return root.child("size")
                .map(size -> size.childText(name))
                .map(StatedNumber::of)
                .filter(side -> side.isValid() && side.value() == (int) side.value() && side.value() > 0)
                .map(side -> (int) side.value())
                .orElse(0);
    }

    private void readObject(XmlElement object, ObjectDraft draft, Set<String> met) {
        draft.label(object.childText("name"));
        Optional<XmlElement> stated = object.child("bndbox");
        if (stated.isEmpty()) {
            draft.reject(ReasonCode.BOX_MISSING, "no bndbox");
            return;
        }
        double[] sides = new double[4];
        List<String> names = List.of("xmin", "ymin", "xmax", "ymax");
        for (int i = 0; i < sides.length; i++) {
            String text = stated.get().childText(names.get(i));
            if (text == null) {
                draft.reject(ReasonCode.BOX_FIELD_COUNT, "no " + names.get(i));
                return;
            }
            sides[i] = draft.number(text, names.get(i));
        }
        if (draft.isRejected()) {
            return;
        }
        if (base == VocBase.ONE && (sides[0] == 0 || sides[1] == 0)) {
            draft.warn(ReasonCode.BOX_BASE_SUSPECT, "a pixel index of 0 where indices should count from 1");
        }
        double offset = switch (base) {
            case ONE -> 1;
            case ZERO -> 0;
        };
        draft.corners(sides[0] - offset, sides[1] - offset, sides[2], sides[3]);
        object.child("polygon").ifPresent(polygon -> readPolygon(polygon, draft));
        if (!met.add(object.childText("name") + " " + List.of(sides[0], sides[1], sides[2], sides[3]))) {
            draft.warn(ReasonCode.ROW_DUPLICATE, "the same object occurs before");
        }
    }

    /** Roboflow's outline: x1, y1, x2, y2, ... as elements. */
    private void readPolygon(XmlElement polygon, ObjectDraft draft) {
        int points = polygon.children().size() / 2;
        double[] vertices = new double[2 * points];
        for (int i = 0; i < points; i++) {
            vertices[2 * i] = coordinate(polygon, "x" + (i + 1));
            vertices[2 * i + 1] = coordinate(polygon, "y" + (i + 1));
        }
        for (double vertex : vertices) {
            if (Double.isNaN(vertex)) {
                draft.repair(ReasonCode.NUMBER_INVALID, "the polygon is incomplete: kept as a box");
                return;
            }
        }
        if (points < 3) {
            draft.repair(ReasonCode.POLYGON_POINT_COUNT, points + " points: kept as a box");
        } else {
            draft.ring(vertices, limits);
        }
    }

    private static double coordinate(XmlElement polygon, String name) {
        String text = polygon.childText(name);
        return text == null ? Double.NaN : StatedNumber.of(text).value();
    }

    private Optional<Map<Integer, RunLengthMask>> masks(Entry entry, List<Defect> notes) throws IOException {
        AnnotationSource file = entry.files().get(VocFormat.INSTANCES);
        if (file == null) {
            return Optional.empty();
        }
        try {
            LabelPicture picture = LabelPicture.read(file, limits);
            if (picture.kind() == LabelPicture.Values.COLOURS) {
                picture = VocColours.indices(picture);
                notes.add(Defect.repair(
                        ReasonCode.MASK_NOT_INDEXED, file.name() + " holds colours, which were mapped back"));
            }
            return Optional.of(picture.masks(value -> value == 0 || value == VOID));
        } catch (DocumentException unusable) {
            notes.add(Defect.repair(unusable.reason(), file.name() + ": " + unusable.getMessage() + ": kept as boxes"));
            return Optional.empty();
        }
    }

    private static void addMask(ObjectDraft draft, Optional<RunLengthMask> mask) {
        if (mask.isEmpty()) {
            draft.repair(ReasonCode.MASK_EMPTY, "no pixel of the label picture has its number: kept as a box");
            return;
        }
        Box box = draft.box();
        if (box != null && mask.get().bounds().intersectionArea(box) == 0) {
            draft.repair(ReasonCode.MASK_UNMATCHED, "the pixels of its number lie outside the box: kept as a box");
            return;
        }
        draft.region(mask.get());
    }
}
