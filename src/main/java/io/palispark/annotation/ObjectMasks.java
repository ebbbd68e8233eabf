package io.palispark.annotation;

import io.palispark.annotation.AnnotationInput.Entry;
import io.palispark.annotation.AnnotationRecord.ImageRow;
import io.palispark.annotation.AnnotationRecord.RowKind;
import io.palispark.geometry.ImageSize;
import io.palispark.geometry.RunLengthMask;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The masks of one image, a picture an object, named label_number; foreground is whatever is not 0. */
final class ObjectMasks {

    private final MaskClasses classes;
    private final ReadLimits limits;

    ObjectMasks(MaskClasses classes, ReadLimits limits) {
        this.classes = classes;
        this.limits = limits;
    }

    void read(Entry entry, RecordQueue out) throws IOException, DocumentException {
        if (entry.picture().isEmpty()) {
            throw new DocumentException(ReasonCode.IMAGE_MISSING, "no picture is named like the folder of masks");
        }
        String image = entry.picture();
        List<ObjectDraft> objects = new ArrayList<>();
        ImageSize size = null;
        for (Map.Entry<String, AnnotationSource> mask : new TreeMap<>(entry.files()).entrySet()) {
            int index = objects.size();
            String place = entry.name() + "/" + mask.getKey();
            ObjectDraft object =
                    new ObjectDraft(image, index, image + "#" + mask.getKey(), place).measure(Measure.PAINTED_PIXELS);
            objects.add(object);
            readLabel(mask.getKey(), object);
            try {
                LabelPicture picture = LabelPicture.read(mask.getValue(), limits);
                size = size == null ? picture.size() : size;
                paint(picture, object);
            } catch (DocumentException unusable) {
                object.reject(unusable.reason(), unusable.getMessage());
            }
        }
        out.add(new ImageRow(
                image,
                image,
                size == null ? 0 : size.height(),
                size == null ? 0 : size.width(),
                size == null ? SizeClaim.NONE : SizeClaim.PAINTED,
                SplitName.ofPath(entry.name())));
        for (ObjectDraft object : objects) {
            out.seen(RowKind.OBJECT);
            object.emit(out);
        }
    }

    private void readLabel(String name, ObjectDraft object) {
        int end = name.lastIndexOf('_');
        String label = end < 0 ? name : name.substring(0, end);
        if (!classes.isName(label)) {
            object.reject(ReasonCode.CATEGORY_UNKNOWN, Defect.quote(label) + " is no class");
        } else {
            object.label(label);
        }
    }

    private static void paint(LabelPicture picture, ObjectDraft object) {
        if (picture.counts(2).size() > 2) {
            object.warn(ReasonCode.VALUE_UNKNOWN, "more than two values: foreground is whatever is not 0");
        }
        LabelPicture binary = picture.mapped(value -> value == 0 ? 0 : 1);
        object.region(binary.masks(value -> value == 0).getOrDefault(1, RunLengthMask.empty(binary.size())));
    }
}
