package io.palispark.evaluation;

import java.io.Serializable;
import java.util.List;

/**
 * Objects of one size, by annotated area in square pixels; both ends are inclusive, so an area of 1024 is small and medium.
 *
 * @param name as it appears in a metric's name
 * @param low smallest area
 * @param high largest area
 */
public record AreaRange(String name, double low, double high) implements Serializable {

    /** All, small, medium, large as COCO and LVIS cut them (cocoeval.py, {@code Params.areaRng}). */
    public static final List<AreaRange> COCO = List.of(
            new AreaRange("all", 0, 1e10),
            new AreaRange("small", 0, 1024),
            new AreaRange("medium", 1024, 9216),
            new AreaRange("large", 9216, 1e10));

    public boolean contains(double area) {
        return area >= low && area <= high;
    }
}
