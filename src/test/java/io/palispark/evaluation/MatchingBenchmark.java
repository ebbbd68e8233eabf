package io.palispark.evaluation;

import io.palispark.geometry.Box;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
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

/** One class of one image: four size classes at ten thresholds. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
public class MatchingBenchmark {

    /** Annotated objects; most classes of an image have none. */
    @Param({"0", "1", "10"})
    private int truths;

    @Param({"1", "20"})
    private int detections;

    private final Matching matching = new Matching(DetectionProtocol.COCO);
    private ImageObjects<Box> objects;

    @Setup
    public void place() {
        Random random = new Random(7);
        List<Truth<Box>> annotated = new ArrayList<>();
        for (int i = 0; i < truths; i++) {
            Box box = box(random);
            annotated.add(new Truth<>(box, box.area(), false));
        }
        List<Detection<Box>> detected = new ArrayList<>();
        for (int i = 0; i < detections; i++) {
            Box box = box(random);
            detected.add(new Detection<>(box, box.area(), random.nextDouble()));
        }
        objects = ImageObjects.exhaustive(1, annotated, detected);
    }

    private static Box box(Random random) {
        return new Box(100 * random.nextDouble(), 100 * random.nextDouble(), 20 + 180 * random.nextDouble(), 150);
    }

    @Benchmark
    public ImageMatches match() {
        return matching.match(objects, Overlap.ofBoxes());
    }
}
