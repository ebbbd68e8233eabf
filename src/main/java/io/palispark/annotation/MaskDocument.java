package io.palispark.annotation;

import io.palispark.annotation.AnnotationInput.Entry;
import io.palispark.annotation.AnnotationRecord.ImageRow;
import io.palispark.annotation.AnnotationRecord.RowKind;
import io.palispark.geometry.ConnectedComponents;
import io.palispark.geometry.Connectivity;
import io.palispark.geometry.RunLengthMask;
import java.io.IOException;
import java.util.List;

/**
 * One label picture that holds all objects of an image. Where pixels state classes only, objects are the regions that hang
 * together over sides or corners, of any size: touching objects become one and divided ones several.
 */
final class MaskDocument {

    private static final int INSTANCES = 1000;
    /** More borders between values along the rows than this are noise, not objects. */
    private static final int MOST_BORDERS = 4_000_000;

    private final MaskLayout layout;
    private final MaskClasses classes;
    private final ReadLimits limits;

    MaskDocument(MaskLayout layout, MaskClasses classes, ReadLimits limits) {
        this.layout = layout;
        this.classes = classes;
        this.limits = limits;
    }

    void read(Entry entry, RecordQueue out) throws IOException, DocumentException {
        if (entry.picture().isEmpty()) {
            throw new DocumentException(ReasonCode.IMAGE_MISSING, "no picture goes with the label picture");
        }
        LabelPicture stored = LabelPicture.read(entry.main(), limits);
        LabelPicture picture = inLayout(stored);
        requireFewBorders(picture);
        String image = entry.picture();
        out.add(new ImageRow(
                image,
                image,
                picture.size().height(),
                picture.size().width(),
                SizeClaim.PAINTED,
                SplitName.ofPath(entry.name())));
        if (layout == MaskLayout.INDICES && stored.kind() == LabelPicture.Values.COLOURS) {
            Defect mapped =
                    Defect.repair(ReasonCode.MASK_NOT_INDEXED, entry.name() + " holds colours, which were mapped back");
            out.finding(image, RowKind.IMAGE, "", mapped);
        }
        int objects = switch (layout) {
            case INDICES, COLOURS -> regions(picture, image, entry.name(), out);
            case INSTANCES, CITYSCAPES -> instances(picture, image, entry.name(), out);
            case OBJECTS -> throw new IllegalStateException("a picture an object is read elsewhere");
        };
        if (objects == 0) {
            Defect empty = Defect.warn(ReasonCode.MASK_EMPTY, entry.name() + " shows no object");
            out.finding(image, RowKind.IMAGE, "", empty);
        }
    }

    private LabelPicture inLayout(LabelPicture stored) throws DocumentException {
        boolean colours = stored.kind() == LabelPicture.Values.COLOURS;
        if (layout != MaskLayout.COLOURS) {
            return colours ? VocColours.indices(stored) : stored;
        }
        LabelPicture picture = colours ? stored : stored.mapped(grey -> grey << 16 | grey << 8 | grey);
        for (int colour : picture.counts(classes.names().size()).keySet()) {
            if (!classes.names().containsKey(colour)) {
                throw new DocumentException(
                        ReasonCode.MASK_COLOUR_UNKNOWN, String.format("colour #%06x is no class", colour));
            }
        }
        return picture;
    }

    private static void requireFewBorders(LabelPicture picture) throws DocumentException {
        int borders = 0;
        for (int i = 1; i < picture.values().length; i++) {
            borders += picture.values()[i] == picture.values()[i - 1] ? 0 : 1;
        }
        if (borders > MOST_BORDERS) {
            throw new DocumentException(ReasonCode.MASK_UNREADABLE, borders + " borders between labels: noise");
        }
    }

    private int regions(LabelPicture picture, String image, String name, RecordQueue out) {
        List<ConnectedComponents.Component> components =
                ConnectedComponents.of(picture.size(), picture.values(), classes::isBackground, Connectivity.EIGHT);
        for (int i = 0; i < components.size(); i++) {
            ConnectedComponents.Component component = components.get(i);
            ObjectDraft draft = draft(image, i, name, component.value(), component.mask(), out);
            readClass(component.value(), draft);
            draft.emit(out);
        }
        return components.size();
    }

    private static ObjectDraft draft(
            String image, int index, String name, int value, RunLengthMask mask, RecordQueue out) {
        out.seen(RowKind.OBJECT);
        String place = name + " region " + (index + 1) + " of value " + value;
        ObjectDraft draft =
                new ObjectDraft(image, index, image + "#" + (index + 1), place).measure(Measure.PAINTED_PIXELS);
        draft.region(mask);
        return draft;
    }

    private void readClass(int number, ObjectDraft draft) {
        String label = classes.names().get(number);
        if (label == null) {
            draft.reject(ReasonCode.CATEGORY_UNKNOWN, "no class has the value " + number);
        } else {
            draft.label(label);
        }
    }

    private int instances(LabelPicture picture, String image, String name, RecordQueue out) {
        int index = 0;
        var masks = picture.masks(value -> classes.isBackground(value < INSTANCES ? value : value / INSTANCES));
        for (var instance : masks.entrySet()) {
            int value = instance.getKey();
            int number = value < INSTANCES ? value : value / INSTANCES;
            ObjectDraft draft = draft(image, index++, name, value, instance.getValue(), out);
            readClass(number, draft);
            boolean stuff = layout == MaskLayout.CITYSCAPES && number < MaskClasses.FIRST_CITYSCAPES_THING;
            if (value < INSTANCES && !stuff) {
                draft.crowd();
            }
            draft.emit(out);
        }
        return index;
    }
}
