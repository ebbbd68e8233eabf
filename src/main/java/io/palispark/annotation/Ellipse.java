package io.palispark.annotation;

import io.palispark.geometry.Box;

/** Ellipses as outlines of many short edges. */
final class Ellipse {

    private static final int LEAST_POINTS = 16;
    private static final int MOST_POINTS = 720;

    private Ellipse() {}

    /** The bounds of a turned ellipse. */
    static Box bounds(double x, double y, double radiusX, double radiusY, double radians) {
        double halfWidth = Math.hypot(radiusX * Math.cos(radians), radiusY * Math.sin(radians));
        double halfHeight = Math.hypot(radiusX * Math.sin(radians), radiusY * Math.cos(radians));
        return new Box(x - halfWidth, y - halfHeight, 2 * halfWidth, 2 * halfHeight);
    }

    /**
     * An outline whose vertices lie on the ellipse, about a pixel apart.
     *
     * @param radians turn of the first axis, clockwise as y points down
     * @return x1, y1, x2, y2, ...
     */
    static double[] outline(double x, double y, double radiusX, double radiusY, double radians) {
        double around = 2 * Math.PI * Math.max(radiusX, radiusY);
        int points = (int) Math.max(LEAST_POINTS, Math.min(MOST_POINTS, around));
        double[] vertices = new double[2 * points];
        double cosine = Math.cos(radians);
        double sine = Math.sin(radians);
        for (int i = 0; i < points; i++) {
            double angle = 2 * Math.PI * i / points;
            double across = radiusX * Math.cos(angle);
            double down = radiusY * Math.sin(angle);
            vertices[2 * i] = x + across * cosine - down * sine;
            vertices[2 * i + 1] = y + across * sine + down * cosine;
        }
        return vertices;
    }
}
