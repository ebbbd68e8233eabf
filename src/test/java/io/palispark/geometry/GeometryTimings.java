package io.palispark.geometry;

import java.util.Locale;

/** Prints microseconds per object of the geometry that runs once per annotation; a main, not a test. */
final class GeometryTimings {

    private static final ImageSize IMAGE = new ImageSize(480, 640);

    private GeometryTimings() {}

    public static void main(String[] arguments) {
        Polygon blob = blob(320, 240, 50, 24);
        RunLengthMask mask = PolygonRasterizer.rasterize(blob, IMAGE);
        ImageSize large = new ImageSize(3000, 4000);
        Polygon largeBlob = blob(2000, 1500, 1300, 200);
        RunLengthMask largeMask = PolygonRasterizer.rasterize(largeBlob, large);
        float[] target = new float[MaskResampler.SIDE * MaskResampler.SIDE];
        print("rasterize 24 vertices, 100 px wide", 200_000, () -> PolygonRasterizer.rasterize(blob, IMAGE));
        print(
                "rasterize 24 vertices, 400 px wide",
                50_000,
                () -> PolygonRasterizer.rasterize(blob(320, 240, 200, 24), IMAGE));
        print("counts", 200_000, mask::counts);
        String counts = mask.counts();
        print("parse", 200_000, () -> RunLengthMask.parse(IMAGE, counts));
        print("iou", 200_000, () -> mask.iou(mask));
        print("soft mask 100x100", 100_000, () -> {
            MaskResampler.softMask(mask, mask.pixelBounds(), target, 0);
            return target;
        });
        print("soft mask 2600x2600", 2_000, () -> {
            MaskResampler.softMask(largeMask, largeMask.pixelBounds(), target, 0);
            return target;
        });
    }

    private static Polygon blob(double x, double y, double radius, int vertices) {
        double[] coordinates = new double[2 * vertices];
        for (int i = 0; i < vertices; i++) {
            double angle = 2 * Math.PI * i / vertices;
            double r = radius * (0.9 + 0.1 * Math.cos(5 * angle));
            coordinates[2 * i] = x + r * Math.cos(angle);
            coordinates[2 * i + 1] = y + r * Math.sin(angle);
        }
        return new Polygon(coordinates);
    }

    private static void print(String what, int repetitions, java.util.function.Supplier<Object> work) {
        int consumed = 0;
        long best = Long.MAX_VALUE;
        for (int round = 0; round < 4; round++) {
            long start = System.nanoTime();
            for (int i = 0; i < repetitions / 4; i++) {
                consumed += work.get() == null ? 0 : 1;
            }
            best = Math.min(best, System.nanoTime() - start);
        }
        System.out.printf(Locale.ROOT, "%-40s %10.2f us (%d)%n", what, best / 1e3 / (repetitions / 4), consumed);
    }
}
