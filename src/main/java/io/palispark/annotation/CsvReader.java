package io.palispark.annotation;

import io.palispark.annotation.AnnotationRecord.RowKind;
import io.palispark.geometry.Box;
import java.io.IOException;
import java.util.List;

/**
 * A CSV of objects. Numbers are shares of the image where no box of the file has a number above 1, else pixels; a file
 * that only says 0 and 1 is ambiguous.
 */
final class CsvReader {

    private final String groupField;
    private final RecordQueue out;
    private final NamedImages images;
    private final RowHashes met = new RowHashes();
    private CsvColumns columns;
    private long headerLine;
    private double largest = Double.NEGATIVE_INFINITY;
    private boolean fractions;

    private CsvReader(String name, String groupField) {
        this.groupField = groupField;
        this.out = new RecordQueue(name);
        this.images = new NamedImages(out);
    }

    static AnnotationReader open(AnnotationInput input, ReadLimits limits) throws IOException {
        CsvReader reader = new CsvReader(input.name(), limits.groupField());
        return LineSteps.open(input, input.entries().get(0).main(), limits, reader.out, reader::survey, reader::read);
    }

    /** First pass: the header, and the range of all numbers. */
    private void survey(String line, long number) throws DocumentException {
        if (columns == null) {
            headerLine = number;
            columns = CsvColumns.of(CsvLine.header(line), groupField);
            if (!columns.missing().isEmpty()) {
                throw new DocumentException(
                        ReasonCode.COLUMN_MISSING, "no column " + String.join(", ", columns.missing()));
            }
            return;
        }
        List<String> fields = CsvLine.fields(line).orElse(List.of());
        if (fields.size() == columns.count()) {
            for (int side : columns.sides()) {
                double value = StatedNumber.of(fields.get(side)).value();
                largest = Double.isNaN(value) ? largest : Math.max(largest, value);
                fractions |= !Double.isNaN(value) && value != Math.rint(value);
            }
        }
    }

    private boolean isShares() {
        return largest <= 1;
    }

    private void read(String line, long number) {
        if (number == headerLine) {
            warnOfUnit();
            return;
        }
        String place = "line " + number;
        List<String> fields = CsvLine.fields(line).orElse(List.of());
        String image = fields.size() == columns.count() ? fields.get(columns.image()) : "";
        out.seen(RowKind.OBJECT);
        ObjectDraft object = new ObjectDraft(image, number, image + "#" + number, place)
                .measure(isShares() ? Measure.SHARES : Measure.PIXELS);
        if (fields.isEmpty()) {
            object.reject(ReasonCode.SYNTAX_INVALID, "a quote is not closed");
        } else if (fields.size() != columns.count()) {
            object.reject(ReasonCode.FIELD_COUNT_INVALID, fields.size() + " fields, the header has " + columns.count());
        } else {
            int height = side(fields, columns.imageHeight());
            int width = side(fields, columns.imageWidth());
            SizeClaim claim = columns.imageWidth() < 0 ? SizeClaim.NONE : SizeClaim.STATED;
            String group = columns.group() < 0 ? "" : fields.get(columns.group());
            images.meet(image, height, width, claim, SplitName.ofPath(image), group, place);
            readObject(fields, object);
            if (met.isRepeat(line)) {
                object.warn(ReasonCode.ROW_DUPLICATE, "the same line occurs before");
            }
        }
        object.emit(out);
    }

    private void warnOfUnit() {
        if (isShares() && !fractions && largest >= 0) {
            Defect ambiguous =
                    Defect.warn(ReasonCode.BOX_UNIT_AMBIGUOUS, "every number is 0 or 1: taken as shares of the image");
            out.finding("", RowKind.FILE, "", ambiguous);
        }
    }

    private static int side(List<String> fields, int column) {
        double side = column < 0 ? 0 : StatedNumber.of(fields.get(column)).value();
        return side > 0 && side == (int) side ? (int) side : 0;
    }

    private void readObject(List<String> fields, ObjectDraft object) {
        object.label(fields.get(columns.label()));
        double[] sides = new double[4];
        for (int i = 0; i < sides.length; i++) {
            sides[i] = object.number(fields.get(columns.sides()[i]), "number " + (i + 1) + " of the box");
        }
        if (object.isRejected()) {
            return;
        }
        switch (columns.extent()) {
            case CORNER -> object.corners(sides[0], sides[1], sides[2], sides[3]);
            case SIZE -> object.box(new Box(sides[0], sides[1], sides[2], sides[3]));
        }
    }
}
