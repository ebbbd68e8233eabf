package io.palispark.annotation;

import com.fasterxml.jackson.databind.JsonNode;
import io.palispark.annotation.AnnotationRecord.ObjectRow;
import io.palispark.annotation.AnnotationRecord.RowKind;
import io.palispark.geometry.Box;
import io.palispark.geometry.Polygon;
import io.palispark.geometry.PolygonRegion;
import io.palispark.geometry.Region;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One object while it is read: it becomes a row with its repairs, or one reject for the first thing that is fatal. */
final class ObjectDraft {

    private final String image;
    private final long sequence;
    private final String id;
    private final String place;
    private final List<Defect> notes = new ArrayList<>();
    private Defect reject;
    private String label;
    private Box box;
    private Region region;
    private double area = Double.NaN;
    private boolean crowd;
    private Measure measure = Measure.PIXELS;

    /** @param place where the object stands, at the head of each detail */
    ObjectDraft(String image, long sequence, String id, String place) {
        this.image = image;
        this.sequence = sequence;
        this.id = id;
        this.place = place;
    }

    boolean isRejected() {
        return reject != null;
    }

    Box box() {
        return box;
    }

    Region region() {
        return region;
    }

    ObjectDraft measure(Measure unit) {
        measure = unit;
        return this;
    }

    void crowd() {
        crowd = true;
    }

    void area(double stated) {
        area = stated;
    }

    void reject(ReasonCode reason, String detail) {
        if (reject == null) {
            reject = Defect.reject(reason, detail);
        }
    }

    void repair(ReasonCode reason, String detail) {
        notes.add(Defect.repair(reason, detail));
    }

    void warn(ReasonCode reason, String detail) {
        notes.add(Defect.warn(reason, detail));
    }

    /** @param stated null when absent */
    void label(String stated) {
        String name = stated == null ? "" : TextLine.trim(stated);
        if (name.isEmpty()) {
            reject(ReasonCode.CATEGORY_MISSING, "no label");
            return;
        }
        label = name;
        boolean oneLine = name.codePoints().allMatch(TextLine::isPrintable);
        if (name.indexOf(';') >= 0 || !oneLine || TextLine.holdsToken(name)) {
            warn(
                    ReasonCode.CATEGORY_NAME_SEPARATOR,
                    "the label holds a separator, a token or a control character: " + Defect.quote(name));
        }
    }

    /** A number of the object; NaN, and the object rejected, when it is none. */
    double number(StatedNumber number, String what) {
        if (!number.isValid()) {
            reject(number.fault(), what + " is " + number.stated());
        }
        return number.value();
    }

    double number(String text, String what) {
        return number(StatedNumber.of(text), what);
    }

    double number(JsonNode node, String what) {
        return number(StatedNumber.of(node), what);
    }

    void box(Box stated) {
        box = stated;
    }

    /** The box between stated corners; the far one must not lie before the near one. */
    void corners(double left, double top, double right, double bottom) {
        if (right < left || bottom < top) {
            reject(
                    ReasonCode.BOX_INVERTED,
                    "the far corner (" + right + ", " + bottom + ") lies before (" + left + ", " + top + ")");
        }
        box = Box.between(left, top, right, bottom);
    }

    void region(Region stated) {
        region = stated;
    }

    /** A ring of the object's outline: x1, y1, x2, y2, ... */
    void ring(double[] vertices, ReadLimits limits) {
        if (vertices.length < 6) {
            reject(ReasonCode.POLYGON_POINT_COUNT, vertices.length / 2 + " points");
        } else if (vertices.length / 2 > limits.polygonVertices()) {
            reject(ReasonCode.POLYGON_TOO_LARGE, "more than " + limits.polygonVertices() + " vertices");
        } else if (!isRejected()) {
            region = new PolygonRegion(List.of(new Polygon(vertices)));
        }
    }

    /** Makes another part of the same object a part of this one. */
    void join(ObjectDraft part) {
        Box together = enclosing(bounds(), part.bounds());
        Optional<Region> union =
                region == null || part.region == null ? Optional.empty() : Regions.union(region, part.region);
        box = region instanceof PolygonRegion && part.region instanceof PolygonRegion ? null : together;
        if (union.isEmpty()) {
            repair(ReasonCode.MASK_MISSING, "a part of the object has no mask: kept as a box");
        }
        region = union.orElse(null);
        notes.addAll(part.notes);
    }

    private Box bounds() {
        return box == null && region != null ? Regions.bounds(region) : box;
    }

    private static Box enclosing(Box one, Box other) {
        return Box.between(
                Math.min(one.x(), other.x()),
                Math.min(one.y(), other.y()),
                Math.max(one.right(), other.right()),
                Math.max(one.bottom(), other.bottom()));
    }

    /** Puts the row, or its reject, into the queue; the caller has counted it. */
    void emit(RecordQueue out) {
        if (reject == null && label == null) {
            reject(ReasonCode.CATEGORY_MISSING, "no label");
        }
        if (reject == null && box == null && region == null) {
            reject(ReasonCode.BOX_MISSING, "no box and no region");
        }
        if (reject != null) {
            out.reject(image, RowKind.OBJECT, id, reject.reason(), place + ": " + reject.detail());
            return;
        }
        out.add(new ObjectRow(image, sequence, id, label, box, region, area, crowd, measure));
        for (Defect note : notes) {
            out.finding(
                    image, RowKind.OBJECT, id, new Defect(note.reason(), note.outcome(), place + ": " + note.detail()));
        }
    }
}
