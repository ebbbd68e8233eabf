package io.palispark.annotation;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.palispark.annotation.AnnotationRecord.ImageRow;
import io.palispark.annotation.AnnotationRecord.RowKind;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The image rows of a file: their ids in the first pass, the rows in the second. A row repeated with the same name is one
 * image and counted once; an id with several names is no image, and each of its rows is rejected.
 */
final class ImageTable {

    private static final int PRESENT = 1 << 30;
    private static final int HASH_BITS = PRESENT - 2;

    private final ReadLimits limits;
    private final CocoDialect dialect;
    private final CategoryTable categories;
    private final FederatedClasses federated = new FederatedClasses();
    private final IdIndex index = new IdIndex();
    private final Set<String> contradicted = new HashSet<>();
    private final RowIds ids;
    private long repeats;
    private boolean statesAbsentClasses;

    ImageTable(ReadLimits limits) {
        this(limits, CocoDialect.INSTANCES, new CategoryTable(limits));
    }

    /** @param categories what lists of classes may name; asked for in the second pass */
    ImageTable(ReadLimits limits, CocoDialect dialect, CategoryTable categories) {
        this.limits = limits;
        this.dialect = dialect;
        this.categories = categories;
        this.ids = new RowIds(limits);
    }

    /** First pass. Keeps the id, whether it was text, and 29 bits of the name's hash to tell repeats from contradictions. */
    void note(JsonParser parser, long sequence) throws IOException, DocumentException {
        Fields row = Fields.read(parser, dialect, limits.groupField());
        ids.note(row.id);
        if (row.id.isMissing()) {
            return;
        }
        federated.note(row.id.text(), row.absent);
        statesAbsentClasses |= row.absent != null;
        int value = PRESENT | ((row.stated.hashCode() << 1) & HASH_BITS) | (row.id.quoted() ? 1 : 0);
        int earlier = index.putIfAbsent(row.id.text(), value);
        if (earlier != IdIndex.ABSENT && earlier >> 1 != value >> 1) {
            contradicted.add(row.id.text());
        }
    }

    /** End of the first pass. */
    void close() {
        ids.close();
    }

    /** True for a class that the image's own row says is absent. */
    boolean isAbsent(RowId image, RowId category) {
        return federated.isAbsent(image, category);
    }

    /** True after the first pass when a row says which classes are absent, as those of LVIS do. */
    boolean statesAbsentClasses() {
        return statesAbsentClasses;
    }

    boolean contains(RowId id) {
        return index.contains(id.text());
    }

    /** True when the image's own row states the id as text. */
    boolean isQuoted(RowId id) {
        return (index.get(id.text()) & 1) != 0;
    }

    /** Rows that count: repeats of one image do not. */
    long rows() {
        return ids.rows() - repeats;
    }

    /** Second pass. */
    void read(JsonParser parser, long sequence, RecordQueue out) throws IOException {
        Fields row = Fields.read(parser, dialect, limits.groupField());
        String image = row.id.text();
        String place = "images[" + sequence + "]";
        if (row.id.isMissing()) {
            out.reject(image, RowKind.IMAGE, "", ReasonCode.ID_MISSING, place + " " + Defect.quote(row.stated));
            return;
        }
        if (contradicted.contains(image)) {
            String detail =
                    place + ": several image rows have id " + image + ", this one for " + Defect.quote(row.stated);
            out.reject(image, RowKind.IMAGE, "", ReasonCode.RECORD_CONTRADICTION, detail);
            return;
        }
        if (ids.isRepeat(image)) {
            repeats++;
            out.finding(image, RowKind.IMAGE, "", Defect.warn(ReasonCode.ID_DUPLICATE, place + " repeats the row"));
            return;
        }
        emit(row, place, out);
    }

    private void emit(Fields row, String place, RecordQueue out) {
        String image = row.id.text();
        if (row.stated.isBlank()) {
            out.reject(image, RowKind.IMAGE, "", ReasonCode.IMAGE_NAME_MISSING, place + " has no file_name");
            return;
        }
        var name = row.stated.length() > limits.textLength()
                ? null
                : SafeName.of(row.stated).orElse(null);
        if (name == null) {
            out.reject(image, RowKind.IMAGE, "", ReasonCode.IMAGE_NAME_UNSAFE, place + " " + Defect.quote(row.stated));
            return;
        }
        List<String> absent = federated.absentNames(image, categories);
        out.add(new ImageRow(
                image,
                name.path(),
                row.height,
                row.width,
                SizeClaim.STATED,
                "",
                dialect == CocoDialect.FEDERATED
                        ? Known.of(absent, FederatedClasses.names(row.notExhaustive, categories))
                        : Known.EVERYTHING,
                row.group));
        if (dialect == CocoDialect.FEDERATED) {
            FederatedClasses.check(image, FederatedClasses.NEGATIVE, row.absent, categories, place, out);
            FederatedClasses.check(image, FederatedClasses.NOT_EXHAUSTIVE, row.notExhaustive, categories, place, out);
        }
        if (!row.invalidSize.isEmpty()) {
            String detail = place + " " + row.invalidSize + "; taken from the picture";
            out.finding(image, RowKind.IMAGE, "", Defect.repair(ReasonCode.NUMBER_INVALID, detail));
        }
    }

    /** What an image row states. */
    private static final class Fields {

        private RowId id = RowId.NONE;
        private String stated = "";
        private int height;
        private int width;
        private String invalidSize = "";
        private String address = "";
        private String group = "";
        private Set<String> absent;
        private Set<String> notExhaustive;

        static Fields read(JsonParser parser, CocoDialect dialect, String groupField) throws IOException {
            Fields row = new Fields();
            if (parser.currentToken() != JsonToken.START_OBJECT) {
                row.stated = JsonNumber.describe(parser);
                return row;
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String field = parser.currentName();
                JsonToken value = parser.nextToken();
                if (field.equals(groupField) && value.isScalarValue() && value != JsonToken.VALUE_NULL) {
                    row.group = parser.getText().strip();
                }
                switch (field) {
                    case "id" -> row.id = RowId.read(parser);
                    case "file_name" -> row.stated = value == JsonToken.VALUE_STRING ? parser.getText() : "";
                    case "height" -> row.height = row.side(parser, "height");
                    case "width" -> row.width = row.side(parser, "width");
                    case "coco_url" -> row.address = value == JsonToken.VALUE_STRING ? parser.getText() : "";
                    case FederatedClasses.NEGATIVE -> row.absent = FederatedClasses.readIds(parser);
                    case FederatedClasses.NOT_EXHAUSTIVE -> row.notExhaustive = FederatedClasses.readIds(parser);
                    default -> parser.skipChildren();
                }
                // a value of the wrong type may be a list or an object
                if (parser.currentToken().isStructStart()) {
                    parser.skipChildren();
                }
            }
            if (dialect == CocoDialect.FEDERATED && row.stated.isBlank()) {
                row.stated = Address.path(row.address);
            }
            return row;
        }

        private int side(JsonParser parser, String field) throws IOException {
            double side = JsonNumber.finite(parser);
            if (side >= 0 && side <= Integer.MAX_VALUE && side == Math.rint(side)) {
                return (int) side;
            }
            if (parser.currentToken() != JsonToken.VALUE_NULL) {
                invalidSize = field + " is " + JsonNumber.describe(parser);
            }
            return 0;
        }
    }
}
