package io.palispark.geometry;

import java.io.Serializable;
import java.util.Arrays;

/**
 * One closed ring in the continuous image frame; the last vertex joins the first, the inside is even-odd.
 *
 * @param vertices x1, y1, x2, y2, ...: an even count, at least three points; owned by the polygon from then on
 */
public record Polygon(double[] vertices) implements Serializable {

    public Polygon {
        if (vertices.length < 6 || vertices.length % 2 != 0) {
            throw new IllegalArgumentException("Cannot make a polygon of " + vertices.length
                    + " numbers: x,y pairs of at least 3 points are needed");
        }
    }

    public int points() {
        return vertices.length / 2;
    }

    /** Tight bounds of the vertices. */
    public Box bounds() {
        double left = Double.POSITIVE_INFINITY;
        double top = Double.POSITIVE_INFINITY;
        double right = Double.NEGATIVE_INFINITY;
        double bottom = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < vertices.length; i += 2) {
            left = Math.min(left, vertices[i]);
            right = Math.max(right, vertices[i]);
            top = Math.min(top, vertices[i + 1]);
            bottom = Math.max(bottom, vertices[i + 1]);
        }
        return Box.between(left, top, right, bottom);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Polygon polygon && Arrays.equals(vertices, polygon.vertices);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(vertices);
    }

    @Override
    public String toString() {
        return "Polygon" + Arrays.toString(vertices);
    }
}
