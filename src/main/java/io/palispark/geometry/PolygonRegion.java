package io.palispark.geometry;

import java.util.List;

/**
 * The union of one object's rings, as COCO defines it: parts are joined, a second ring inside the first is no hole.
 *
 * @param parts at least one ring
 */
public record PolygonRegion(List<Polygon> parts) implements Region {

    public PolygonRegion {
        parts = List.copyOf(parts);
        if (parts.isEmpty()) {
            throw new IllegalArgumentException("Cannot make a region of no polygons");
        }
    }
}
