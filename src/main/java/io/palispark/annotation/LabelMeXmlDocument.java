package io.palispark.annotation;

import io.palispark.annotation.AnnotationInput.Entry;
import io.palispark.annotation.AnnotationRecord.ImageRow;
import io.palispark.annotation.AnnotationRecord.RowKind;
import io.palispark.geometry.RunLengthMask;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** One XML document of the LabelMe web tool. Parts of objects are objects of their own. */
final class LabelMeXmlDocument {

    private final ReadLimits limits;

    LabelMeXmlDocument(ReadLimits limits) {
        this.limits = limits;
    }

    void read(Entry entry, RecordQueue out) throws IOException, DocumentException {
        XmlElement root = XmlDocument.root(entry.main(), "annotation", limits);
        String image = image(entry, root);
        SizeClaim claim = root.child("imagesize").isPresent() ? SizeClaim.STATED : SizeClaim.NONE;
        out.add(new ImageRow(image, image, side(root, "nrows"), side(root, "ncols"), claim, ""));
        List<XmlElement> objects = root.children("object");
        for (int i = 0; i < objects.size(); i++) {
            out.seen(RowKind.OBJECT);
            ObjectDraft draft = new ObjectDraft(image, i, image + "#" + (i + 1), entry.name() + " object " + (i + 1));
            readObject(objects.get(i), entry, draft);
            draft.emit(out);
        }
    }

    private static String image(Entry entry, XmlElement root) throws DocumentException {
        if (!entry.picture().isEmpty()) {
            return entry.picture();
        }
        String stated = Optional.ofNullable(root.childText("filename")).orElse("");
        if (stated.isBlank()) {
            throw new DocumentException(ReasonCode.IMAGE_NAME_MISSING, "no filename and no picture of this name");
        }
        String folder = Optional.ofNullable(root.childText("folder")).orElse("");
        return SafeName.of(folder.isBlank() ? stated : folder + "/" + stated)
                .orElseThrow(() -> new DocumentException(ReasonCode.IMAGE_NAME_UNSAFE, Defect.quote(stated)))
                .path();
    }

    /** 0 for what is no size; the picture tells it then. */
    private static int side(XmlElement root, String name) {
        return root.child("imagesize")
                .map(size -> size.childText(name))
                .map(StatedNumber::of)
                .filter(side -> side.isValid() && side.value() == (int) side.value() && side.value() > 0)
                .map(side -> (int) side.value())
                .orElse(0);
    }

    private void readObject(XmlElement object, Entry entry, ObjectDraft draft) throws IOException {
        draft.label(object.childText("name"));
        if ("1".equals(object.childText("deleted"))) {
            draft.reject(ReasonCode.ANNOTATION_CANCELLED, "the annotator deleted it");
            return;
        }
        Optional<XmlElement> polygon = object.child("polygon");
        Optional<XmlElement> mask = object.child("segm");
        if (polygon.isPresent()) {
            readPolygon(polygon.get(), "bounding_box".equals(object.childText("type")), draft);
        } else if (mask.isPresent()) {
            readMask(mask.get(), entry, draft);
        }
    }

    private void readPolygon(XmlElement polygon, boolean upright, ObjectDraft draft) {
        List<XmlElement> points = polygon.children("pt");
        double[] vertices = new double[2 * points.size()];
        for (int i = 0; i < points.size(); i++) {
            vertices[2 * i] = draft.number(StatedNumber.of(text(points.get(i), "x")), "x of point " + (i + 1));
            vertices[2 * i + 1] = draft.number(StatedNumber.of(text(points.get(i), "y")), "y of point " + (i + 1));
        }
        draft.ring(vertices, limits);
        if (upright && !draft.isRejected()) {
            draft.box(Regions.bounds(draft.region()));
            draft.region(null);
        }
    }

    private static String text(XmlElement point, String name) {
        return Optional.ofNullable(point.childText(name)).orElse("");
    }

    private void readMask(XmlElement stated, Entry entry, ObjectDraft draft) throws IOException {
        String name = text(stated, "mask");
        AnnotationSource file =
                name.equals(AnnotationInput.MAIN) ? null : entry.files().get(name);
        if (file == null) {
            draft.reject(ReasonCode.MASK_MISSING, "no file " + Defect.quote(name) + " in the folder of masks");
            return;
        }
        try {
            LabelPicture picture = LabelPicture.read(file, limits).mapped(value -> value == 0 ? 0 : 1);
            draft.measure(Measure.PAINTED_PIXELS);
            draft.region(picture.masks(value -> value == 0).getOrDefault(1, RunLengthMask.empty(picture.size())));
        } catch (DocumentException unusable) {
            draft.reject(unusable.reason(), file.name() + ": " + unusable.getMessage());
        }
    }
}
