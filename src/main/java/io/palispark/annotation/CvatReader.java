package io.palispark.annotation;

import io.palispark.annotation.AnnotationRecord.RowKind;
import io.palispark.geometry.ImageSize;
import io.palispark.geometry.RunLengthMask;
import java.io.IOException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A CVAT document, one image or track in memory at a time. Shapes of one group id other than 0 are parts of one object. */
final class CvatReader implements AnnotationRows.Steps {

    private static final int MOST_LABELS = 100_000;

    private final AnnotationSource source;
    private final String frames;
    private final ReadLimits limits;
    private final RecordQueue out;
    private final NamedImages images;
    private final Set<String> labels = new HashSet<>();
    private Optional<ImageSize> frameSize = Optional.empty();
    private XmlDocument document;
    private long number;

    private CvatReader(AnnotationInput input, ReadLimits limits) {
        this.source = input.entries().get(0).main();
        this.frames = input.entries().get(0).picture();
        this.limits = limits;
        this.out = new RecordQueue(input.name());
        this.images = new NamedImages(out);
    }

    static AnnotationReader open(AnnotationInput input, ReadLimits limits) throws IOException {
        CvatReader reader = new CvatReader(input, limits);
        try {
            reader.survey();
        } catch (DocumentException unusable) {
            return AnnotationRows.rejected(input.format(), input.name(), unusable);
        }
        return AnnotationRows.of(input.format(), reader.out, reader);
    }

    /** First pass: to the end, for damage, and for the declared labels and the size of a video's frames. */
    private void survey() throws IOException, DocumentException {
        try (XmlDocument all = XmlDocument.open(source, limits)) {
            String root = all.nextElement();
            if (root == null || !root.equals("annotations")) {
                throw new DocumentException(
                        ReasonCode.DOCUMENT_KIND_UNEXPECTED, "the root element is " + root + ", not annotations");
            }
            for (String name = all.nextElement(); name != null; name = all.nextElement()) {
                if (name.equals("meta")) {
                    readMeta(all.element(name));
                } else {
                    all.skip();
                }
            }
            all.end();
        }
    }

    private void readMeta(XmlElement meta) {
        for (XmlElement task : meta.children()) {
            task.child("labels")
                    .ifPresent(list -> list.children("label").stream()
                            .limit(MOST_LABELS)
                            .map(label -> label.childText("name"))
                            .filter(name -> name != null)
                            .forEach(labels::add));
            task.child("original_size")
                    .ifPresent(size -> frameSize = size(size.childText("width"), size.childText("height")));
        }
    }

    private static Optional<ImageSize> size(String width, String height) {
        int columns = side(width);
        int rows = side(height);
        boolean usable = columns > 0 && rows > 0 && (long) columns * rows <= RunLengthMask.MAX_PIXELS;
        return usable ? Optional.of(new ImageSize(rows, columns)) : Optional.empty();
    }

    private static int side(String text) {
        StatedNumber side = StatedNumber.of(text == null ? "" : text);
        return side.isValid() && side.value() == (int) side.value() ? Math.max(0, (int) side.value()) : 0;
    }

    @Override
    public boolean step() throws IOException, DocumentException {
        if (document == null) {
            document = XmlDocument.open(source, limits);
            document.nextElement();
        }
        String name = document.nextElement();
        if (name == null) {
            return false;
        }
        if (name.equals("image")) {
            readImage(document.element(name));
        } else if (name.equals("track")) {
            readTrack(document.element(name));
        } else {
            document.skip();
        }
        return true;
    }

    private void readImage(XmlElement image) {
        String stated = Optional.ofNullable(image.attribute("name")).orElse("");
        String subset = Optional.ofNullable(image.attribute("subset")).orElse("");
        String split = subset.isEmpty() ? SplitName.ofPath(stated) : subset;
        Optional<ImageSize> size = size(image.attribute("width"), image.attribute("height"));
        String group = Optional.ofNullable(image.attribute(limits.groupField())).orElse("");
        meet(stated, size, split, group, "image " + Defect.quote(stated));
        CvatShape reader = new CvatShape(size, limits);
        Map<String, ObjectDraft> objects = new LinkedHashMap<>();
        for (XmlElement shape : image.children()) {
            if (!shape.name().equals("tag")) {
                ObjectDraft draft = draft(stated, shape);
                readLabel(shape.attribute("label"), draft);
                reader.read(shape, draft);
                String key = draft.isRejected() ? "#" + number : group(shape);
                ObjectDraft part = objects.putIfAbsent(key, draft);
                if (part != null) {
                    part.join(draft);
                }
            }
        }
        for (ObjectDraft object : objects.values()) {
            out.seen(RowKind.OBJECT);
            object.emit(out);
        }
    }

    private void meet(String stated, Optional<ImageSize> size, String split, String group, String place) {
        images.meet(
                stated,
                size.map(ImageSize::height).orElse(0),
                size.map(ImageSize::width).orElse(0),
                SizeClaim.STATED,
                split,
                group,
                place);
    }

    private ObjectDraft draft(String image, XmlElement shape) {
        number++;
        String place = "image " + Defect.quote(image) + ", " + shape.name() + " " + number;
        return new ObjectDraft(image, number, image + "#" + number, place);
    }

    private void readLabel(String stated, ObjectDraft draft) {
        draft.label(stated);
        if (stated != null && !labels.isEmpty() && !labels.contains(stated.strip())) {
            draft.warn(ReasonCode.CATEGORY_UNDECLARED, Defect.quote(stated) + " is not among the labels of meta");
        }
    }

    private String group(XmlElement shape) {
        String group = shape.attribute("group_id");
        return group == null || group.equals("0") ? "#" + number : group + " " + shape.attribute("label");
    }

    /** The shapes of one object, frame by frame; where it is outside, there is none. */
    private void readTrack(XmlElement track) {
        CvatShape reader = new CvatShape(frameSize, limits);
        for (XmlElement shape : track.children()) {
            if ("1".equals(shape.attribute("outside"))) {
                continue;
            }
            StatedNumber frame = StatedNumber.of(
                    Optional.ofNullable(shape.attribute("frame")).orElse(""));
            boolean usable = frame.isValid() && frame.value() >= 0 && frame.value() == (int) frame.value();
            String image = usable ? frames.replace("*", String.format("%06d", (int) frame.value())) : "";
            ObjectDraft draft = draft(image, shape);
            if (usable) {
                meet(image, frameSize, SplitName.ofPath(image), "", "frame " + frame.stated());
            } else {
                draft.reject(ReasonCode.NUMBER_INVALID, "frame is " + frame.stated());
            }
            readLabel(track.attribute("label"), draft);
            reader.read(shape, draft);
            out.seen(RowKind.OBJECT);
            draft.emit(out);
        }
    }

    @Override
    public void close() throws IOException {
        if (document != null) {
            document.close();
        }
    }
}
