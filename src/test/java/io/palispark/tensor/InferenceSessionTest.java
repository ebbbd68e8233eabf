package io.palispark.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class InferenceSessionTest {

    private static final Device ONE_THREAD = new Device.Cpu(1);

    @Test
    void computesAMatrixProductWithWeightsHandedOverAsABuffer() {
        OnnxGraph graph = doubling(16);
        assertThat(graph.externalWeights()).containsOnlyKeys("twice");
        float[] values = ramp(32);
        try (InferenceSession session = InferenceSession.open(graph, ONE_THREAD)) {
            Tensor result = session.run(Map.of("x", Tensor.of(values, 2, 16))).get("y");
            assertThat(result.shape()).containsExactly(2, 16);
            assertThat(result.floats()).containsExactly(doubled(values));
        }
    }

    @Test
    void writesOutputsWhereTheCallerWantsThem() {
        Tensor input = Tensor.of(ramp(16), 1, 16);
        Tensor output = Tensor.allocate(ElementType.FLOAT32, 1, 16);
        try (InferenceSession session = InferenceSession.open(doubling(16), ONE_THREAD)) {
            session.run(Map.of("x", input), Map.of("y", output));
            assertThat(output.floats()).containsExactly(doubled(ramp(16)));
            input.buffer().putFloat(100);
            session.run(Map.of("x", input), Map.of("y", output));
            assertThat(output.floats()[0]).isEqualTo(200);
        }
    }

    @Test
    void givesTheOutputsThatAreWantedOrAllOfThem() {
        OnnxGraph graph = new OnnxGraph("two");
        GraphValue x = graph.input("x", ElementType.FLOAT32, OnnxGraph.ANY);
        graph.output("sum", graph.node("Add", x, x).output(), ElementType.FLOAT32, OnnxGraph.ANY);
        graph.output("shape", graph.node("Shape", x).output(), ElementType.INT64, 1);
        Tensor sum = Tensor.allocate(ElementType.FLOAT32, 2);
        try (InferenceSession session = InferenceSession.open(graph, ONE_THREAD)) {
            Map<String, Tensor> inputs = Map.of("x", Tensor.of(new float[] {1, 2}, 2));
            session.run(inputs, Map.of("sum", sum));
            assertThat(sum.floats()).containsExactly(2, 4);
            assertThat(session.runWhole(inputs, Map.of("sum", sum)))
                    .containsOnlyKeys("sum", "shape")
                    .containsEntry("sum", sum);
        }
    }

    @Test
    void runsALoopWhoseBodyGrowsAValueAndReadsTheOuterGraph() {
        OnnxGraph body = new OnnxGraph("body");
        body.input("step", ElementType.INT64);
        GraphValue going = body.input("going", ElementType.BOOL);
        GraphValue grown = body.input("grown", ElementType.FLOAT32, OnnxGraph.ANY);
        GraphValue longer = body.node("Concat", grown, new GraphValue("piece"))
                .integer("axis", 0)
                .output();
        body.output("go", going, ElementType.BOOL);
        body.output("longer", longer, ElementType.FLOAT32, OnnxGraph.ANY);
        OnnxGraph graph = new OnnxGraph("loop");
        GraphValue piece = graph.input("piece", ElementType.FLOAT32, 2);
        GraphValue all = graph.node("Loop", graph.constant(Tensor.of(new long[] {3})), GraphValue.ABSENT, piece)
                .body("body", body)
                .output();
        graph.output("all", all, ElementType.FLOAT32, OnnxGraph.ANY);
        try (InferenceSession session = InferenceSession.open(graph, ONE_THREAD)) {
            Tensor result = session.run(Map.of("piece", Tensor.of(new float[] {1, 2}, 2)))
                    .get("all");
            assertThat(result.floats()).containsExactly(1, 2, 1, 2, 1, 2, 1, 2);
        }
    }

    @Test
    void bfloat16WeightsAreCastInTheGraph() {
        OnnxGraph graph = new OnnxGraph("brain");
        Tensor weights = Tensor.allocate(ElementType.BFLOAT16, 1024);
        for (int i = 0; i < 1024; i++) {
            weights.buffer().putShort(2 * i, (short) 0x4049);
        }
        GraphValue wide = graph.node("Cast", graph.weight("weights", weights))
                .type("to", ElementType.FLOAT32)
                .output();
        graph.output("wide", wide, ElementType.FLOAT32, 1024);
        try (InferenceSession session = InferenceSession.open(graph, ONE_THREAD)) {
            assertThat(session.run(Map.of()).get("wide").floats()[1023]).isEqualTo(3.140625f);
        }
    }

    @Test
    void lentWeightsAreReadAtEveryCall() {
        OnnxGraph graph = new OnnxGraph("lent");
        Tensor weights = Tensor.of(new float[] {1, 2}, 2);
        GraphValue sum = graph.node(
                        "Add",
                        graph.input("x", ElementType.FLOAT32, 2),
                        graph.lentWeight("w", weights, ElementType.FLOAT32))
                .output();
        graph.output("y", sum, ElementType.FLOAT32, 2);
        try (InferenceSession session = InferenceSession.open(graph, ONE_THREAD)) {
            Map<String, Tensor> x = Map.of("x", Tensor.of(new float[] {10, 20}, 2));
            assertThat(session.inputNames()).containsExactly("x");
            assertThat(session.run(x).get("y").floats()).containsExactly(11, 22);
            weights.buffer().putFloat(0, 5);
            assertThat(session.run(x).get("y").floats()).containsExactly(15, 22);
        }
    }

    @Test
    void manyThreadsShareOneSessionThatIsLoadedOnce() {
        AtomicInteger loaded = new AtomicInteger();
        List<Boolean> equal = IntStream.range(0, 64)
                .parallel()
                .mapToObj(i -> {
                    float[] values = {i, i + 1, i + 2, i + 3};
                    InferenceSession session = SharedSessions.session("four", ONE_THREAD, () -> {
                        loaded.incrementAndGet();
                        return doubling(4);
                    });
                    float[] result = session.run(Map.of("x", Tensor.of(values, 1, 4)))
                            .get("y")
                            .floats();
                    return java.util.Arrays.equals(result, doubled(values));
                })
                .toList();
        assertThat(loaded).hasValue(1);
        assertThat(equal).doesNotContain(false);
    }

    @Test
    void aClosedSessionSaysSo() {
        InferenceSession session = InferenceSession.open(doubling(4), ONE_THREAD);
        session.close();
        assertThatThrownBy(() -> session.run(Map.of()))
                .isInstanceOf(InferenceException.class)
                .hasMessage("Cannot run graph doubling: the session is closed");
    }

    @Test
    void aGraphThatIsNotAcceptedIsNamed() {
        OnnxGraph graph = new OnnxGraph("wrong");
        GraphValue x = graph.input("x", ElementType.FLOAT32, 4);
        graph.output("y", graph.node("NoSuchOperator", x).output(), ElementType.FLOAT32, 4);
        assertThatThrownBy(() -> InferenceSession.open(graph, ONE_THREAD))
                .isInstanceOf(InferenceException.class)
                .hasMessageStartingWith("Cannot load graph wrong on cpu: ")
                .hasMessageContaining("NoSuchOperator");
    }

    @Test
    void aGpuThatIsNotThereIsAnErrorAndNeverTheProcessor() {
        assertThatThrownBy(() -> InferenceSession.open(doubling(4), new Device.Cuda(0)))
                .isInstanceOf(InferenceException.class)
                .hasMessageContaining("cuda:0");
    }

    @Test
    void namesAreUniqueInAGraph() {
        OnnxGraph graph = new OnnxGraph("twice");
        graph.input("x", ElementType.FLOAT32, 4);
        assertThatThrownBy(() -> graph.input("x", ElementType.FLOAT32, 4))
                .hasMessage("Cannot add \"x\" to graph twice: names are unique");
    }

    /** y = x · 2I, over a weight that is external from 16 columns on. */
    private static OnnxGraph doubling(int columns) {
        float[] twice = new float[columns * columns];
        for (int i = 0; i < columns; i++) {
            twice[i * columns + i] = 2;
        }
        OnnxGraph graph = new OnnxGraph("doubling");
        GraphValue x = graph.input("x", ElementType.FLOAT32, OnnxGraph.ANY, columns);
        GraphValue weight = graph.weight("twice", Tensor.of(twice, columns, columns));
        GraphValue product = graph.node("MatMul", x, weight).output();
        graph.output("y", product, ElementType.FLOAT32, OnnxGraph.ANY, columns);
        return graph;
    }

    private static float[] ramp(int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = i - 3;
        }
        return values;
    }

    private static float[] doubled(float[] values) {
        float[] twice = values.clone();
        for (int i = 0; i < twice.length; i++) {
            twice[i] *= 2;
        }
        return twice;
    }
}
