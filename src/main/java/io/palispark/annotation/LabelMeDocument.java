package io.palispark.annotation;

import com.fasterxml.jackson.databind.JsonNode;
import io.palispark.annotation.AnnotationInput.Entry;
import io.palispark.annotation.AnnotationRecord.ImageRow;
import io.palispark.annotation.AnnotationRecord.RowKind;
import io.palispark.geometry.ImageSize;
import io.palispark.geometry.RunLengthMask;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One LabelMe document. Shapes of one label and one group are parts of one object. */
final class LabelMeDocument {

    private final ReadLimits limits;

    LabelMeDocument(ReadLimits limits) {
        this.limits = limits;
    }

    void read(Entry entry, RecordQueue out) throws IOException, DocumentException {
        JsonNode root = SmallDocument.object(entry.main(), limits);
        JsonNode shapes = root.path("shapes");
        if (!shapes.isArray()) {
            throw new DocumentException(ReasonCode.KEY_MISSING, "no list \"shapes\"");
        }
        String image = image(entry, root);
        List<Defect> notes = new ArrayList<>();
        Optional<ImageSize> size = size(root, notes);
        out.add(new ImageRow(
                        image,
                        image,
                        size.map(ImageSize::height).orElse(0),
                        size.map(ImageSize::width).orElse(0),
                        SizeClaim.STATED,
                        SplitName.ofPath(entry.name()))
                .inGroup(root.path(limits.groupField()).asText("")));
        notes.forEach(note -> out.finding(image, RowKind.IMAGE, "", note));
        Map<String, ObjectDraft> objects = new LinkedHashMap<>();
        LabelMeShape reader = new LabelMeShape(size, limits);
        for (int i = 0; i < shapes.size(); i++) {
            ObjectDraft draft = new ObjectDraft(image, i, image + "#" + (i + 1), entry.name() + ": shapes[" + i + "]");
            reader.read(shapes.get(i), draft);
            String key = draft.isRejected() ? "#" + i : group(shapes.get(i), i);
            ObjectDraft part = objects.putIfAbsent(key, draft);
            if (part != null) {
                part.join(draft);
            }
        }
        for (ObjectDraft object : objects.values()) {
            out.seen(RowKind.OBJECT);
            object.emit(out);
        }
    }

    private static String group(JsonNode shape, int index) {
        JsonNode group = shape.path("group_id");
        return group.isNull() || group.isMissingNode()
                ? "#" + index
                : group + " " + shape.path("label").asText();
    }

    /** The stated path, relative to the document; a picture named like it beside the document is that picture. */
    private static String image(Entry entry, JsonNode root) throws DocumentException {
        String stated = root.path("imagePath").asText("").strip();
        if (stated.isEmpty() || root.path("imagePath").isNull()) {
            if (entry.picture().isEmpty()) {
                throw new DocumentException(ReasonCode.IMAGE_NAME_MISSING, "no imagePath");
            }
            return entry.picture();
        }
        String last = PictureNames.lastPart(stated.replace('\\', '/'));
        if (last.equals(PictureNames.lastPart(entry.picture()))) {
            return entry.picture();
        }
        String path = SafeName.of(stated)
                .orElseThrow(() -> new DocumentException(ReasonCode.IMAGE_NAME_UNSAFE, Defect.quote(stated)))
                .path();
        String folder = PictureNames.folder(entry.name());
        return folder.isEmpty()
                ? path
                : SafeName.of(folder + "/" + path).map(SafeName::path).orElse(path);
    }

    /** The embedded picture's size, else the stated one; absent where a side is no size. */
    private static Optional<ImageSize> size(JsonNode root, List<Defect> notes) {
        JsonNode data = root.path("imageData");
        if (data.isTextual() && !data.asText().isEmpty()) {
            try {
                byte[] picture = Base64.getMimeDecoder().decode(data.asText());
                return Optional.of(LabelPicture.sizeOf(picture));
            } catch (IllegalArgumentException | DocumentException unusable) {
                notes.add(Defect.warn(ReasonCode.IMAGE_UNREADABLE, "imageData is not used: " + unusable.getMessage()));
            }
        }
        int height = side(root.path("imageHeight"));
        int width = side(root.path("imageWidth"));
        boolean usable = height > 0 && width > 0 && (long) height * width <= RunLengthMask.MAX_PIXELS;
        return usable ? Optional.of(new ImageSize(height, width)) : Optional.empty();
    }

    private static int side(JsonNode node) {
        return node.isNumber() && node.doubleValue() == node.intValue() ? node.intValue() : 0;
    }
}
