package io.palispark.tensor;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What layouts and precisions of a product 2048 to 16384 gain, on two threads. Two matrices take turns, so that a token
 * reads its weights from memory.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(value = 1, jvmArgsAppend = "-XX:MaxDirectMemorySize=4g")
@Warmup(iterations = 1, time = 1)
@Measurement(iterations = 3, time = 1)
public class ProductBenchmark {

    private static final int INPUTS = 2048;
    private static final int OUTPUTS = 16384;
    private static final int MATRICES = 2;

    @Param({"GEMM", "MATMUL", "INT8_UNSIGNED", "INT8_SIGNED", "DYNAMIC_INT8", "BLOCKS_OF_INT8", "BLOCKS_OF_INT4"})
    public String form;

    @Param({"1", "4", "16", "264"})
    public int rows;

    private final List<InferenceSession> sessions = new ArrayList<>();
    private Tensor x;
    private Tensor y;
    private int turn;

    @Setup
    public void draw() {
        for (int i = 0; i < MATRICES; i++) {
            sessions.add(ProductForm.valueOf(form).open(numbers(i, 0.02f, OUTPUTS, INPUTS), 2));
        }
        x = numbers(MATRICES, 1, rows, INPUTS);
        y = Tensor.allocate(ElementType.FLOAT32, rows, OUTPUTS);
    }

    private static Tensor numbers(long seed, float deviation, int rows, int columns) {
        Random random = new Random(seed);
        float[] values = new float[rows * columns];
        for (int i = 0; i < values.length; i++) {
            values[i] = deviation * (float) random.nextGaussian();
        }
        return Tensor.of(values, rows, columns);
    }

    @TearDown
    public void close() {
        sessions.forEach(InferenceSession::close);
    }

    @Benchmark
    public Tensor product() {
        sessions.get(turn++ % MATRICES).run(Map.of("x", x), Map.of("y", y));
        return y;
    }
}
