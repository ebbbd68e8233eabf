package io.palispark.annotation;

import io.palispark.annotation.AnnotationRecord.ObjectRow;
import io.palispark.geometry.Box;
import io.palispark.geometry.ImageSize;
import io.palispark.geometry.Polygon;
import io.palispark.geometry.PolygonRasterizer;
import io.palispark.geometry.PolygonRegion;
import io.palispark.geometry.Region;
import io.palispark.geometry.RunLengthMask;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Holds an object against the size of its image. The stated box is the truth, cut to the image; without one the tight
 * bounds of the region are. A polygon is rasterised as it stands, as pycocotools does, also where it leaves the image.
 * Whatever is wrong with a region costs the region, what is wrong with the box costs the object.
 */
public final class ObjectCheck {

    /** How far a box may reach outside, by rounding of its own sums, without being worth a finding. */
    private static final double ROUNDING = 1e-6;

    private final String source;
    private final ObjectRow row;
    private final ImageSize image;
    private final List<Finding> findings = new ArrayList<>();

    private ObjectCheck(String source, ObjectRow row, ImageSize image) {
        this.source = source;
        this.row = row;
        this.image = image;
    }

    /**
     * Checks one object.
     *
     * @param source name of the annotation file, for the findings
     * @param image size of the picture in the frame that the annotations are in, at most
     *     {@link RunLengthMask#MAX_PIXELS} pixels
     */
    public static CheckedObject check(String source, ObjectRow row, ImageSize image) {
        ObjectRow inPixels = row.measure() == Measure.SHARES ? scaled(row, image) : row;
        return new ObjectCheck(source, inPixels, image).check();
    }

    private static ObjectRow scaled(ObjectRow row, ImageSize image) {
        Box box = row.box() == null
                ? null
                : new Box(
                        row.box().x() * image.width(),
                        row.box().y() * image.height(),
                        row.box().width() * image.width(),
                        row.box().height() * image.height());
        Region region = row.region() instanceof PolygonRegion polygons
                ? new PolygonRegion(polygons.parts().stream()
                        .map(part -> scaled(part, image))
                        .toList())
                : row.region();
        return new ObjectRow(
                row.imageId(),
                row.sequence(),
                row.objectId(),
                row.label(),
                box,
                region,
                row.area(),
                row.crowd(),
                row.measure());
    }

    private static Polygon scaled(Polygon polygon, ImageSize image) {
        double[] vertices = polygon.vertices().clone();
        for (int i = 0; i < vertices.length; i += 2) {
            vertices[i] *= image.width();
            vertices[i + 1] *= image.height();
        }
        return new Polygon(vertices);
    }

    private CheckedObject check() {
        Optional<RunLengthMask> mask = row.optionalRegion().flatMap(this::mask);
        Box stated = row.box() != null ? row.box() : bounds(mask);
        if (stated == null) {
            return findings.isEmpty()
                    ? rejected(ReasonCode.BOX_MISSING, "no bbox, and no pixel of the region lies on the image")
                    : rejected(
                            findings.get(0).reason(),
                            "no bbox, and " + findings.get(0).detail());
        }
        if (stated.isEmpty()) {
            return rejected(ReasonCode.BOX_EMPTY, describe(stated));
        }
        Box inside = stated.clippedTo(image);
        if (inside.isEmpty()) {
            ReasonCode reason = row.box() == null ? ReasonCode.POLYGON_OUTSIDE_IMAGE : ReasonCode.BOX_OUTSIDE_IMAGE;
            return rejected(reason, describe(stated) + " on a " + image + " image");
        }
        if (row.box() != null && reachesOutside(stated)) {
            note(ReasonCode.BOX_CLIPPED, describe(stated) + " cut to " + describe(inside));
        }
        return new CheckedObject(row, inside, mask, findings);
    }

    private Optional<RunLengthMask> mask(Region region) {
        RunLengthMask mask;
        if (region instanceof RunLengthMask runs) {
            Optional<RunLengthMask> fitted = fitted(runs);
            if (fitted.isEmpty()) {
                return fitted;
            }
            mask = fitted.get();
        } else {
            PolygonRegion polygons = (PolygonRegion) region;
            Box bounds = Regions.bounds(polygons);
            if (reachesOutside(bounds)) {
                note(ReasonCode.POLYGON_CLIPPED, describe(bounds) + " on a " + image + " image");
            }
            mask = PolygonRasterizer.rasterize(polygons, image);
        }
        if (mask.isEmpty()) {
            note(ReasonCode.MASK_EMPTY, "the region holds no pixel");
            return Optional.empty();
        }
        return Optional.of(mask);
    }

    private Optional<RunLengthMask> fitted(RunLengthMask runs) {
        if (runs.size().equals(image)) {
            return Optional.of(runs);
        }
        if (row.measure() == Measure.SHARES && MaskScaling.isScaled(runs.size(), image)) {
            return Optional.of(MaskScaling.scaled(runs, image));
        }
        ReasonCode reason =
                row.measure() == Measure.PIXELS ? ReasonCode.RLE_SIZE_MISMATCH : ReasonCode.MASK_SIZE_MISMATCH;
        note(reason, "a " + runs.size() + " mask on a " + image + " image");
        return Optional.empty();
    }

    /** The region's bounds, null when it has none on this image. */
    private Box bounds(Optional<RunLengthMask> mask) {
        return row.region() instanceof PolygonRegion polygons
                ? Regions.bounds(polygons)
                : mask.map(RunLengthMask::bounds).orElse(null);
    }

    private boolean reachesOutside(Box box) {
        return box.x() < -ROUNDING
                || box.y() < -ROUNDING
                || box.right() > image.width() + ROUNDING
                || box.bottom() > image.height() + ROUNDING;
    }

    private void note(ReasonCode reason, String detail) {
        findings.add(new Finding(source, row.imageId(), row.objectId(), reason, Outcome.REPAIR, detail));
    }

    private CheckedObject rejected(ReasonCode reason, String detail) {
        Finding reject = new Finding(source, row.imageId(), row.objectId(), reason, Outcome.REJECT_OBJECT, detail);
        return new CheckedObject(row, new Box(0, 0, 0, 0), Optional.empty(), List.of(reject));
    }

    private static String describe(Box box) {
        return "[" + box.x() + ", " + box.y() + ", " + box.width() + ", " + box.height() + "]";
    }
}
