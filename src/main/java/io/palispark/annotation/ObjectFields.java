package io.palispark.annotation;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.palispark.geometry.Box;
import io.palispark.geometry.Region;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What one COCO annotation states, field by field in whatever order; used again for the next row. Judged only when the
 * row is complete, so findings do not depend on the order of keys.
 */
final class ObjectFields {

    private static final int ID = 1;
    private static final int IMAGE = 2;
    private static final int CATEGORY = 4;
    private static final int BOX = 8;
    private static final int SEGMENTATION = 16;
    private static final int AREA = 32;
    private static final int CROWD = 64;

    private final CocoDialect dialect;
    private final SegmentationField segmentation;
    private final double[] sides = new double[4];
    private final List<Defect> repairs = new ArrayList<>();

    private int present;
    private String repeatedKey;
    private RowId id;
    private RowId image;
    private RowId category;
    private Box box;
    private Defect boxReject;
    private double area;
    private boolean crowd;

    ObjectFields(ReadLimits limits, CocoDialect dialect) {
        this.dialect = dialect;
        this.segmentation = new SegmentationField(limits);
    }

    RowId id() {
        return id;
    }

    RowId image() {
        return image;
    }

    RowId category() {
        return category;
    }

    /** The stated box, null when there is none. */
    Box box() {
        return box;
    }

    /** Stated area, NaN when there is none. */
    double area() {
        return area;
    }

    boolean crowd() {
        return crowd;
    }

    Optional<Region> region() {
        return segmentation.region();
    }

    /** Why the row cannot be used whatever it refers to. */
    Optional<Defect> reject() {
        if (repeatedKey != null) {
            return Optional.of(Defect.reject(ReasonCode.KEY_DUPLICATE, Defect.quote(repeatedKey) + " occurs twice"));
        }
        if (boxReject != null) {
            return Optional.of(boxReject);
        }
        if (box == null && segmentation.region().isEmpty()) {
            String detail = "no bbox and no usable segmentation"
                    + segmentation
                            .defect()
                            .map(defect -> " (" + defect.detail() + ")")
                            .orElse("");
            return Optional.of(Defect.reject(ReasonCode.BOX_MISSING, detail));
        }
        return Optional.empty();
    }

    /** What was repaired in a row that is used. */
    List<Defect> repairs() {
        segmentation.defect().ifPresent(repairs::add);
        if ((present & AREA) == 0) {
            repairs.add(Defect.repair(ReasonCode.AREA_MISSING, "no area"));
        }
        if (dialect == CocoDialect.INSTANCES && (present & CROWD) == 0) {
            repairs.add(Defect.repair(ReasonCode.CROWD_FLAG_MISSING, "no iscrowd: taken as 0"));
        }
        return repairs;
    }

    private void clear() {
        segmentation.clear();
        repairs.clear();
        present = 0;
        repeatedKey = null;
        id = RowId.NONE;
        image = RowId.NONE;
        category = RowId.NONE;
        box = null;
        boxReject = null;
        area = Double.NaN;
        crowd = false;
    }

    /** Reads the object at the parser's token and leaves the parser at its end. */
    void read(JsonParser parser) throws IOException {
        clear();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String field = parser.currentName();
            parser.nextToken();
            switch (field) {
                case "id" -> {
                    mark(ID, field);
                    id = RowId.read(parser);
                }
                case "image_id" -> {
                    mark(IMAGE, field);
                    image = RowId.read(parser);
                }
                case "category_id" -> {
                    mark(CATEGORY, field);
                    category = RowId.read(parser);
                }
                case "bbox" -> {
                    mark(BOX, field);
                    readBox(parser);
                }
                case "segmentation" -> {
                    mark(SEGMENTATION, field);
                    segmentation.read(parser);
                }
                case "area" -> readArea(parser);
                case "iscrowd" -> readCrowd(parser);
                default -> parser.skipChildren();
            }
        }
    }

    private void mark(int field, String name) {
        if ((present & field) != 0) {
            repeatedKey = name;
        }
        present |= field;
    }

    private void readBox(JsonParser parser) throws IOException {
        if (parser.currentToken() == JsonToken.VALUE_NULL) {
            return;
        }
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            boxReject = Defect.reject(ReasonCode.BOX_FIELD_COUNT, "bbox is " + JsonNumber.describe(parser));
            return;
        }
        int count = 0;
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            double side = JsonNumber.finite(parser);
            if (Double.isNaN(side) && boxReject == null) {
                ReasonCode fault = JsonNumber.fault(parser);
                boxReject = Defect.reject(fault, "bbox[" + count + "] is " + JsonNumber.describe(parser));
            } else if (Double.isNaN(side)) {
                parser.skipChildren();
            } else if (count < sides.length) {
                sides[count] = side;
            }
            count++;
        }
        if (count != sides.length) {
            boxReject = Defect.reject(ReasonCode.BOX_FIELD_COUNT, "bbox has " + count + " numbers, 4 are needed");
        } else if (boxReject == null) {
            box = new Box(sides[0], sides[1], sides[2], sides[3]);
        }
    }

    private void readArea(JsonParser parser) throws IOException {
        if (parser.currentToken() == JsonToken.VALUE_NULL) {
            return;
        }
        mark(AREA, "area");
        area = JsonNumber.finite(parser);
        if (Double.isNaN(area)) {
            ReasonCode fault = JsonNumber.fault(parser);
            repairs.add(Defect.repair(fault, "area is " + JsonNumber.describe(parser) + ": taken as absent"));
        }
    }

    private void readCrowd(JsonParser parser) throws IOException {
        JsonToken token = parser.currentToken();
        if (token == JsonToken.VALUE_NULL) {
            return;
        }
        mark(CROWD, "iscrowd");
        double flag =
                token == JsonToken.VALUE_TRUE ? 1 : token == JsonToken.VALUE_FALSE ? 0 : JsonNumber.finite(parser);
        if (flag != 0 && flag != 1) {
            String detail = "iscrowd is " + JsonNumber.describe(parser) + ", not 0 or 1: taken as 0";
            repairs.add(Defect.repair(ReasonCode.VALUE_UNKNOWN, detail));
        }
        crowd = flag == 1;
    }
}
