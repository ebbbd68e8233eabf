package io.palispark.annotation;

/** Turned outlines. */
final class Turn {

    private Turn() {}

    /**
     * Points turned about a centre.
     *
     * @param degrees clockwise, as y points down
     * @param points x1, y1, x2, y2, ...
     */
    static double[] about(double x, double y, double degrees, double[] points) {
        if (degrees % 360 == 0) {
            return points;
        }
        double cosine = cosine(degrees);
        double sine = cosine(degrees - 90);
        double[] turned = new double[points.length];
        for (int i = 0; i < points.length; i += 2) {
            double across = points[i] - x;
            double down = points[i + 1] - y;
            turned[i] = x + across * cosine - down * sine;
            turned[i + 1] = y + across * sine + down * cosine;
        }
        return turned;
    }

    /** Exact at quarter turns. */
    private static double cosine(double degrees) {
        double quarter = degrees % 360 / 90;
        return quarter == Math.rint(quarter)
                ? Math.rint(Math.cos(Math.toRadians(degrees)))
                : Math.cos(Math.toRadians(degrees));
    }
}
