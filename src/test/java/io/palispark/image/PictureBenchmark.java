package io.palispark.image;

import io.palispark.geometry.ImageSize;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** A 640 x 480 picture on its way to the model and to the near-duplicate search. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
public class PictureBenchmark {

    private final BicubicResize resize = new BicubicResize(PassOrder.PILLOW_13);
    private RgbImage picture;

    @Setup
    public void paint() {
        ImageSize size = new ImageSize(480, 640);
        byte[] rgb = new byte[(int) (3 * size.pixels())];
        new Random(3).nextBytes(rgb);
        picture = new RgbImage(size, rgb);
    }

    @Benchmark
    public RgbImage toModelSize() {
        return resize.toSquare(picture, 224);
    }

    @Benchmark
    public PerceptualHash hash() {
        return PerceptualHash.of(picture);
    }
}
