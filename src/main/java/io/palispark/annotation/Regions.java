package io.palispark.annotation;

import io.palispark.geometry.Box;
import io.palispark.geometry.Polygon;
import io.palispark.geometry.PolygonRasterizer;
import io.palispark.geometry.PolygonRegion;
import io.palispark.geometry.Region;
import io.palispark.geometry.RunLengthMask;
import java.util.Optional;
import java.util.stream.Stream;

/** Regions of either kind, taken together. */
final class Regions {

    private Regions() {}

    /** Tight bounds of the vertices or of the pixels. */
    static Box bounds(Region region) {
        if (region instanceof RunLengthMask mask) {
            return mask.bounds();
        }
        return ((PolygonRegion) region)
                .parts().stream()
                        .map(Polygon::bounds)
                        .reduce((one, other) -> Box.between(
                                Math.min(one.x(), other.x()),
                                Math.min(one.y(), other.y()),
                                Math.max(one.right(), other.right()),
                                Math.max(one.bottom(), other.bottom())))
                        .orElseThrow();
    }

    /** What at least one of them covers; empty for masks of different sizes. */
    static Optional<Region> union(Region one, Region other) {
        if (one instanceof PolygonRegion first && other instanceof PolygonRegion second) {
            return Optional.of(new PolygonRegion(Stream.concat(first.parts().stream(), second.parts().stream())
                    .toList()));
        }
        if (one instanceof RunLengthMask first) {
            RunLengthMask second = other instanceof PolygonRegion polygons
                    ? PolygonRasterizer.rasterize(polygons, first.size())
                    : (RunLengthMask) other;
            return first.size().equals(second.size()) ? Optional.of(first.union(second)) : Optional.empty();
        }
        return union(other, one);
    }
}
