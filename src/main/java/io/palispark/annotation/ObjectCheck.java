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
        return new ObjectCheck(source, row, image).check();
    }

    private CheckedObject check() {
        Optional<RunLengthMask> mask = row.optionalRegion().flatMap(this::mask);
        Box stated = row.box() != null ? row.box() : bounds(mask);
        if (stated == null) {
            return rejected(ReasonCode.BOX_MISSING, "no bbox, and no pixel of the region lies on the image");
        }
        if (stated.isEmpty()) {
            return rejected(ReasonCode.BOX_EMPTY, describe(stated));
        }
        Box inside = stated.clippedTo(image);
        if (inside.isEmpty()) {
            return rejected(ReasonCode.BOX_OUTSIDE_IMAGE, describe(stated) + " on a " + image + " image");
        }
        if (reachesOutside(stated)) {
            note(ReasonCode.BOX_CLIPPED, describe(stated) + " cut to " + describe(inside));
        }
        return new CheckedObject(row, inside, mask, findings);
    }

    private Optional<RunLengthMask> mask(Region region) {
        RunLengthMask mask;
        if (region instanceof RunLengthMask runs) {
            if (!runs.size().equals(image)) {
                note(ReasonCode.RLE_SIZE_MISMATCH, "a " + runs.size() + " mask on a " + image + " image");
                return Optional.empty();
            }
            mask = runs;
        } else {
            PolygonRegion polygons = (PolygonRegion) region;
            Box bounds = bounds(polygons);
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

    /** The region's bounds, null when it has none on this image. */
    private Box bounds(Optional<RunLengthMask> mask) {
        return row.region() instanceof PolygonRegion polygons
                ? bounds(polygons)
                : mask.map(RunLengthMask::bounds).orElse(null);
    }

    private static Box bounds(PolygonRegion polygons) {
        return polygons.parts().stream()
                .map(Polygon::bounds)
                .reduce((one, other) -> Box.between(
                        Math.min(one.x(), other.x()),
                        Math.min(one.y(), other.y()),
                        Math.max(one.right(), other.right()),
                        Math.max(one.bottom(), other.bottom())))
                .orElseThrow();
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
