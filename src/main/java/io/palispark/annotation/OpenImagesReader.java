package io.palispark.annotation;

import io.palispark.annotation.AnnotationRecord.RowKind;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The boxes of an Open Images split, each with the mask that states the same coordinates. The masks' rows are held. */
final class OpenImagesReader {

    private static final List<String> NEEDED = List.of("imageid", "labelname", "xmin", "xmax", "ymin", "ymax");
    private static final Set<String> FLAGS = Set.of("0", "1", "-1");
    private static final String GROUP = "isgroupof";

    private final RecordQueue out;
    private final NamedImages images;
    private final RowHashes met = new RowHashes();
    private final Map<String, String> classes = new HashMap<>();
    private final OpenImagesMasks masks;
    private final String pattern;
    private final String split;
    private Map<String, Integer> columns = Map.of();
    private long headerLine;

    private OpenImagesReader(AnnotationInput input, ReadLimits limits) {
        this.out = new RecordQueue(input.name());
        this.images = new NamedImages(out);
        this.masks = new OpenImagesMasks(input.shared(), limits);
        this.pattern = input.entries().get(0).picture();
        this.split = OpenImagesFormat.split(input.name());
    }

    static AnnotationReader open(AnnotationInput input, ReadLimits limits) throws IOException, DocumentException {
        OpenImagesReader reader = new OpenImagesReader(input, limits);
        AnnotationSource classes = input.shared().get(OpenImagesFormat.CLASSES);
        if (classes == null) {
            LineSteps.walk(input.entries().get(0).main(), limits, reader::survey);
            throw new DocumentException(ReasonCode.KEY_MISSING, "no class-descriptions CSV names the classes");
        }
        LineSteps.walk(classes, limits, (line, number) -> reader.addClass(line));
        reader.masks.read();
        return LineSteps.open(
                input,
                input.entries().get(0).main(),
                limits,
                reader.out,
                reader::survey,
                reader::read,
                () -> reader.masks.remark(reader.out));
    }

    /** With or without a header, which looks like a class nobody uses. */
    private void addClass(String line) {
        List<String> fields = CsvLine.fields(line).orElse(List.of());
        if (fields.size() >= 2) {
            classes.put(fields.get(0), fields.get(1));
        }
    }

    private void survey(String line, long number) throws DocumentException {
        if (headerLine == 0) {
            headerLine = number;
            columns = CsvLine.header(line);
            for (String column : NEEDED) {
                if (!columns.containsKey(column)) {
                    throw new DocumentException(ReasonCode.COLUMN_MISSING, "no column " + column);
                }
            }
        }
    }

    private void read(String line, long number) throws IOException {
        if (number == headerLine) {
            if (!columns.containsKey(GROUP)) {
                Defect absent = Defect.warn(ReasonCode.COLUMN_MISSING, "no column IsGroupOf: taken as unknown");
                out.finding("", RowKind.FILE, "", absent);
            }
            return;
        }
        String place = "line " + number;
        List<String> fields = CsvLine.fields(line).orElse(List.of());
        boolean complete = fields.size() == columns.size();
        String id = complete ? field(fields, "imageid") : "";
        String image = pattern.replace("*", id);
        out.seen(RowKind.OBJECT);
        ObjectDraft object =
                new ObjectDraft(complete ? image : "", number, image + "#" + number, place).measure(Measure.SHARES);
        if (!complete) {
            object.reject(ReasonCode.FIELD_COUNT_INVALID, fields.size() + " fields, the header has " + columns.size());
        } else {
            images.meet(image, 0, 0, SizeClaim.NONE, split, place);
            readObject(fields, object);
            if (met.isRepeat(line)) {
                object.warn(ReasonCode.ROW_DUPLICATE, "the same line occurs before");
            }
        }
        object.emit(out);
    }

    private void readObject(List<String> fields, ObjectDraft object) throws IOException {
        String code = field(fields, "labelname");
        String name = classes.get(code);
        if (name == null && !code.isEmpty()) {
            object.reject(ReasonCode.CATEGORY_UNKNOWN, "no class " + Defect.quote(code));
        }
        object.label(name);
        double left = object.number(field(fields, "xmin"), "XMin");
        double right = object.number(field(fields, "xmax"), "XMax");
        double top = object.number(field(fields, "ymin"), "YMin");
        double bottom = object.number(field(fields, "ymax"), "YMax");
        if (object.isRejected()) {
            return;
        }
        object.corners(left, top, right, bottom);
        String group = columns.containsKey(GROUP) ? field(fields, GROUP) : "-1";
        if (group.equals("1")) {
            object.crowd();
        } else if (!FLAGS.contains(group)) {
            object.warn(ReasonCode.VALUE_UNKNOWN, "IsGroupOf is " + Defect.quote(group));
        }
        masks.add(object, field(fields, "imageid"), code, new double[] {left, right, top, bottom});
    }

    private String field(List<String> fields, String column) {
        return fields.get(columns.get(column));
    }
}
