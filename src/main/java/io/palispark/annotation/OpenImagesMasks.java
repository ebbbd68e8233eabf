package io.palispark.annotation;

import io.palispark.annotation.AnnotationRecord.RowKind;
import io.palispark.geometry.RunLengthMask;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Masks of Open Images, found by image, class and coordinates, as their box ids occur nowhere else. */
final class OpenImagesMasks {

    private static final double SAME = 1e-6 + 1e-12;
    private static final int FOREGROUND = 122;
    private static final List<String> SIDES = List.of("boxxmin", "boxxmax", "boxymin", "boxymax");

    private final Map<String, AnnotationSource> files;
    private final ReadLimits limits;
    private final Map<String, List<Row>> rows = new HashMap<>();
    private final List<Defect> remarks = new ArrayList<>();

    private record Row(String path, double[] sides) {}

    OpenImagesMasks(Map<String, AnnotationSource> files, ReadLimits limits) {
        this.files = files;
        this.limits = limits;
    }

    /** Takes all rows of the CSV into memory. */
    void read() throws IOException, DocumentException {
        AnnotationSource csv = files.get(OpenImagesFormat.SEGMENTATION);
        if (csv == null) {
            return;
        }
        Map<String, Integer> columns = new HashMap<>();
        LineSteps.walk(csv, limits, (line, number) -> {
            if (columns.isEmpty()) {
                columns.putAll(CsvLine.header(line));
            } else {
                add(CsvLine.fields(line).orElse(List.of()), columns, csv.name() + " line " + number);
            }
        });
    }

    private void add(List<String> fields, Map<String, Integer> columns, String place) throws DocumentException {
        if (!columns.keySet().containsAll(SIDES) || !columns.keySet().containsAll(List.of("maskpath", "labelname"))) {
            throw new DocumentException(ReasonCode.COLUMN_MISSING, "a column of the segmentations is missing");
        }
        if (fields.size() != columns.size()) {
            remarks.add(Defect.warn(ReasonCode.FIELD_COUNT_INVALID, place + ": " + fields.size() + " fields"));
            return;
        }
        double[] sides = new double[4];
        for (int i = 0; i < sides.length; i++) {
            sides[i] = StatedNumber.of(fields.get(columns.get(SIDES.get(i)))).value();
        }
        rows.computeIfAbsent(
                        key(fields.get(columns.get("imageid")), fields.get(columns.get("labelname"))),
                        absent -> new ArrayList<>(1))
                .add(new Row(fields.get(columns.get("maskpath")), sides));
    }

    private static String key(String image, String label) {
        return image + '\n' + label;
    }

    /** Gives a box its mask; what is wrong with the mask costs the mask. */
    void add(ObjectDraft object, String image, String label, double[] sides) throws IOException {
        List<Row> candidates = rows.getOrDefault(key(image, label), List.of());
        for (Row row : candidates) {
            if (isSame(row.sides(), sides)) {
                candidates.remove(row);
                paint(object, row.path());
                return;
            }
        }
    }

    private static boolean isSame(double[] one, double[] other) {
        for (int i = 0; i < one.length; i++) {
            if (!(Math.abs(one[i] - other[i]) <= SAME)) {
                return false;
            }
        }
        return true;
    }

    private void paint(ObjectDraft object, String path) throws IOException {
        if (SafeName.of(path).isEmpty()) {
            object.repair(ReasonCode.IMAGE_NAME_UNSAFE, "MaskPath is " + Defect.quote(path) + ": kept as a box");
            return;
        }
        AnnotationSource file = files.get(OpenImagesFormat.MASK + PictureNames.lastPart(path));
        if (file == null) {
            object.repair(ReasonCode.MASK_MISSING, "no mask " + Defect.quote(path) + ": kept as a box");
            return;
        }
        try {
            LabelPicture picture = LabelPicture.read(file, limits);
            int highest = picture.counts(256).keySet().stream()
                    .mapToInt(value -> value & 0xff)
                    .max()
                    .orElse(0);
            int threshold = highest <= 1 ? 0 : FOREGROUND;
            LabelPicture binary = picture.mapped(value -> (value & 0xff) > threshold ? 1 : 0);
            object.region(binary.masks(value -> value == 0).getOrDefault(1, RunLengthMask.empty(binary.size())));
        } catch (DocumentException unusable) {
            object.repair(unusable.reason(), path + ": " + unusable.getMessage() + ": kept as a box");
        }
    }

    /** Behind the last box: masks that no box claimed. */
    void remark(RecordQueue out) {
        remarks.forEach(remark -> out.finding("", RowKind.FILE, "", remark));
        rows.forEach((key, left) -> {
            for (Row row : left) {
                String image = key.substring(0, key.indexOf('\n'));
                Defect unmatched = Defect.warn(
                        ReasonCode.MASK_UNMATCHED, "no box within 1e-6 of the mask " + Defect.quote(row.path()));
                out.finding(image, RowKind.OBJECT, "", unmatched);
            }
        });
    }
}
