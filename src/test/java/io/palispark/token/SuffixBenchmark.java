package io.palispark.token;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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

/** The text of one row, written and read. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
public class SuffixBenchmark {

    /** Segmented objects in the row. */
    @Param({"1", "10"})
    private int objects;

    private final SuffixWriter writer = new SuffixWriter(Convention.BIG_VISION);
    private List<SuffixObject> row;
    private String text;

    @Setup
    public void compose() {
        Random random = new Random(7);
        row = new ArrayList<>();
        for (int i = 0; i < objects; i++) {
            int top = random.nextInt(500);
            int left = random.nextInt(500);
            SegmentationCodes codes =
                    SegmentationCodes.of(random.ints(SegmentationCodes.COUNT, 0, TokenVocabulary.SEGMENTS)
                            .toArray());
            row.add(new SuffixObject(
                    new LocationBins(top, left, top + 100, left + 100), Optional.of(codes), "traffic light"));
        }
        text = writer.write(row);
    }

    @Benchmark
    public String write() {
        return writer.write(row);
    }

    @Benchmark
    public ParsedSuffix parse() {
        return SuffixParser.parse(text);
    }
}
