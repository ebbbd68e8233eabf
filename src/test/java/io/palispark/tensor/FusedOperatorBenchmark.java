package io.palispark.tensor;

import java.util.Map;
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

/** What each operator in one piece gains over plain nodes, on two threads. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 1, time = 1)
@Measurement(iterations = 4, time = 1)
public class FusedOperatorBenchmark {

    @Param({"RMS_NORM", "GELU", "ROTARY", "TOKEN_ATTENTION", "PATCH_ATTENTION"})
    public String operator;

    @Param({"PLAIN", "FUSED"})
    public String form;

    private InferenceSession session;
    private Map<String, Tensor> inputs;
    private Map<String, Tensor> places;

    @Setup
    public void open() {
        FusedOperator measured = FusedOperator.valueOf(operator);
        session = measured.open(FusedOperator.Form.valueOf(form), 2);
        inputs = measured.inputs();
        places = session.run(inputs);
    }

    @TearDown
    public void close() {
        session.close();
    }

    @Benchmark
    public Map<String, Tensor> run() {
        session.run(inputs, places);
        return places;
    }
}
