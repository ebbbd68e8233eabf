package io.palispark.tensor;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
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
 * A product 2048 to 16384 with bfloat16 weights: streamed, and in a session that widened them when it was loaded. Several
 * matrices take turns, so that none is in a cache.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(value = 1, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 4, time = 1)
public class StreamedMatrixBenchmark {

    private static final int INPUTS = 2048;
    private static final int OUTPUTS = 16384;
    private static final int MATRICES = 3;

    @Param({"1", "2", "3", "4", "8", "16"})
    public int rows;

    @Param({"1", "2"})
    public int threads;

    private final List<StreamedMatrix> streamed = new ArrayList<>();
    private final List<InferenceSession> sessions = new ArrayList<>();
    private WorkTeam team;
    private float[] x;
    private Tensor place;
    private int turn;

    @Setup
    public void draw() {
        for (int i = 0; i < MATRICES; i++) {
            SplittableRandom random = new SplittableRandom(i);
            Tensor weights = Tensor.allocate(ElementType.BFLOAT16, OUTPUTS, INPUTS);
            ByteBuffer target = weights.buffer();
            while (target.hasRemaining()) {
                target.putShort((short) (Float.floatToIntBits((float) random.nextDouble(-1, 1)) >>> 16));
            }
            streamed.add(new StreamedMatrix(List.of(weights)));
            OnnxGraph graph = new OnnxGraph("product" + i);
            GraphValue input = graph.input("x", ElementType.FLOAT32, OnnxGraph.ANY, INPUTS);
            GraphValue widened = graph.node("Cast", graph.weight("w", weights))
                    .type("to", ElementType.FLOAT32)
                    .output();
            GraphValue output =
                    graph.node("Gemm", input, widened).integer("transB", 1).output();
            graph.output("y", output, ElementType.FLOAT32, OnnxGraph.ANY, OUTPUTS);
            sessions.add(InferenceSession.open(graph, new Device.Cpu(threads)));
        }
        team = new WorkTeam(threads);
        x = new float[rows * INPUTS];
        Arrays.fill(x, 0.5f);
        place = Tensor.allocate(ElementType.FLOAT32, rows, OUTPUTS);
    }

    @TearDown
    public void close() {
        sessions.forEach(InferenceSession::close);
        team.close();
    }

    @Benchmark
    public float[] streamed() {
        StreamedMatrix matrix = streamed.get(turn++ % MATRICES);
        StreamedMatrix.Factors factors = matrix.factors(x, rows);
        float[] results = matrix.results(rows);
        team.share(matrix.parts(), part -> matrix.multiply(factors, results, part));
        return results;
    }

    @Benchmark
    public Tensor session() {
        sessions.get(turn++ % MATRICES).run(Map.of("x", Tensor.of(x, rows, INPUTS)), Map.of("y", place));
        return place;
    }
}
