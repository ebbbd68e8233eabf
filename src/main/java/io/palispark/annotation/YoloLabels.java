package io.palispark.annotation;

import io.palispark.annotation.AnnotationInput.Entry;
import io.palispark.annotation.AnnotationRecord.ImageRow;
import io.palispark.annotation.AnnotationRecord.RowKind;
import io.palispark.geometry.Box;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The lines of YOLO label files: a class number and numbers that are shares of the image's sides. */
final class YoloLabels {

    /** Class, four numbers and a confidence. */
    static final int MOST_BOX_FIELDS = 6;

    private static final int BOX_FIELDS = 5;
    private static final int LEAST_OUTLINE_FIELDS = 7;

    private final YoloKind kind;
    private final YoloNames classes;
    private final ReadLimits limits;

    YoloLabels(YoloKind kind, YoloNames classes, ReadLimits limits) {
        this.kind = kind;
        this.classes = classes;
        this.limits = limits;
    }

    void read(Entry entry, RecordQueue out) throws IOException, DocumentException {
        if (entry.picture().isEmpty()) {
            throw new DocumentException(ReasonCode.ANNOTATION_ORPHAN, "no picture goes with the label file");
        }
        List<String> lines = entry.files().isEmpty() ? List.of() : lines(entry.main());
        out.add(new ImageRow(
                entry.picture(), entry.picture(), 0, 0, SizeClaim.NONE, SplitName.ofPath(entry.picture())));
        Set<String> met = new HashSet<>();
        boolean boxes = false;
        boolean outlines = false;
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (!line.isEmpty()) {
                String[] fields = line.split("\\s+");
                boxes |= fields.length <= MOST_BOX_FIELDS;
                outlines |= fields.length > MOST_BOX_FIELDS;
                read(entry, i, fields, met, out);
            }
        }
        if (kind == YoloKind.SEGMENT && boxes && outlines) {
            String detail = entry.name() + " has lines of boxes among outlines: read line by line";
            out.finding(entry.picture(), RowKind.IMAGE, "", Defect.warn(ReasonCode.LINE_KINDS_MIXED, detail));
        }
    }

    /** An empty file is a picture without objects. */
    private List<String> lines(AnnotationSource file) throws IOException, DocumentException {
        try {
            return SmallDocument.text(file, limits).lines().toList();
        } catch (DocumentException unusable) {
            if (unusable.reason() == ReasonCode.FILE_EMPTY) {
                return List.of();
            }
            throw unusable;
        }
    }

    private void read(Entry entry, int index, String[] fields, Set<String> met, RecordQueue out) {
        String place = entry.name() + " line " + (index + 1);
        if (!met.add(String.join(" ", fields))) {
            Defect repeat = Defect.repair(ReasonCode.ROW_DUPLICATE, place + " repeats an earlier line: left out");
            out.finding(entry.picture(), RowKind.OBJECT, "", repeat);
            return;
        }
        out.seen(RowKind.OBJECT);
        ObjectDraft object = new ObjectDraft(entry.picture(), index, entry.picture() + "#" + (index + 1), place)
                .measure(Measure.SHARES);
        if (isLength(fields.length, object)) {
            readClass(fields[0], object);
            double[] numbers = new double[fields.length - 1];
            for (int i = 0; i < numbers.length; i++) {
                numbers[i] = object.number(fields[i + 1], "number " + (i + 1));
            }
            if (fields.length <= MOST_BOX_FIELDS) {
                object.box(new Box(numbers[0] - numbers[2] / 2, numbers[1] - numbers[3] / 2, numbers[2], numbers[3]));
            } else {
                object.ring(numbers, limits);
            }
        }
        object.emit(out);
    }

    private boolean isLength(int fields, ObjectDraft object) {
        boolean box = fields == BOX_FIELDS || fields == MOST_BOX_FIELDS;
        boolean outline = kind == YoloKind.SEGMENT && fields >= LEAST_OUTLINE_FIELDS;
        if (outline && fields % 2 == 0) {
            object.reject(ReasonCode.POLYGON_ODD_LENGTH, (fields - 1) + " numbers");
        } else if (!box && !outline) {
            object.reject(ReasonCode.FIELD_COUNT_INVALID, fields + " fields");
        }
        return !object.isRejected();
    }

    /** The class may be written as 0.0. */
    private void readClass(String text, ObjectDraft object) {
        double number = object.number(text, "the class");
        if (object.isRejected()) {
            return;
        }
        if (number != Math.rint(number)) {
            object.reject(ReasonCode.NUMBER_INVALID, "the class is " + text);
            return;
        }
        String name = Math.abs(number) < Integer.MAX_VALUE ? classes.names().get((int) number) : null;
        if (name == null) {
            object.reject(ReasonCode.CATEGORY_UNKNOWN, "no class has number " + text);
            return;
        }
        object.label(name);
    }
}
