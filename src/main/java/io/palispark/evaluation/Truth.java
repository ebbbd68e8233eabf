package io.palispark.evaluation;

import java.io.Serializable;

/**
 * An annotated object that detections are held against.
 *
 * @param shape box or mask
 * @param area annotated area in square pixels, which decides the size class; never recomputed from the shape
 * @param crowd true for a region that covers a group: it absorbs any number of detections and is never missed
 */
public record Truth<S>(S shape, double area, boolean crowd) implements Serializable {

    public static <S> Truth<S> object(S shape, double area) {
        return new Truth<>(shape, area, false);
    }

    public static <S> Truth<S> crowd(S shape, double area) {
        return new Truth<>(shape, area, true);
    }
}
