package io.palispark.geometry;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What happens to the mask of every annotation. {@code src/test/python/benchmark_masks.py} times pycocotools on the same
 * blobs.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
public class MaskBenchmark {

    private static final ImageSize IMAGE = new ImageSize(480, 640);

    /** Radius in pixels of a blob of 24 vertices. */
    @Param({"10", "50", "200"})
    private double radius;

    private PolygonRegion region;
    private RunLengthMask mask;
    private RunLengthMask other;
    private String counts;
    private byte[] bitmap;
    private final float[] softMask = new float[MaskResampler.SIDE * MaskResampler.SIDE];

    @Setup
    public void draw() {
        region = new PolygonRegion(List.of(blob(320, 240)));
        mask = PolygonRasterizer.rasterize(region, IMAGE);
        other = PolygonRasterizer.rasterize(blob(320 + radius / 4, 240), IMAGE);
        counts = mask.counts();
        bitmap = mask.bitmap();
    }

    private Polygon blob(double x, double y) {
        int vertices = 24;
        double[] coordinates = new double[2 * vertices];
        for (int i = 0; i < vertices; i++) {
            double angle = 2 * Math.PI * i / vertices;
            double distance = radius * (0.9 + 0.1 * Math.cos(5 * angle));
            coordinates[2 * i] = x + distance * Math.cos(angle);
            coordinates[2 * i + 1] = y + distance * Math.sin(angle);
        }
        return new Polygon(coordinates);
    }

    @Benchmark
    public RunLengthMask rasterize() {
        return PolygonRasterizer.rasterize(region, IMAGE);
    }

    @Benchmark
    public String writeCounts() {
        return mask.counts();
    }

    @Benchmark
    public RunLengthMask parseCounts() {
        return RunLengthMask.parse(IMAGE, counts);
    }

    @Benchmark
    public double iou() {
        return mask.iou(other);
    }

    @Benchmark
    public RunLengthMask union() {
        return mask.union(other);
    }

    @Benchmark
    public RunLengthMask encodeBitmap() {
        return RunLengthMask.ofBitmap(IMAGE, bitmap);
    }

    @Benchmark
    public byte[] paintBitmap() {
        return mask.bitmap();
    }

    @Benchmark
    public float[] softMask() {
        MaskResampler.softMask(mask, mask.pixelBounds(), softMask, 0);
        return softMask;
    }
}
