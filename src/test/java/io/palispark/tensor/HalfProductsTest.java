package io.palispark.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.platform.Fp16Conversions;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the tests of half precisions compare with is itself held to the rounding of the Java library of ONNX Runtime. */
class HalfProductsTest {

    private static final int INPUTS = 300;
    private static final int OUTPUTS = 7;
    private static final Device CPU = new Device.Cpu(1);

    @ParameterizedTest
    @EnumSource(names = {"FLOAT16", "BFLOAT16"})
    void bothSidesAndTheResultAreRounded(ElementType half) {
        float[] x = gaussian(INPUTS, 1);
        float[] weights = gaussian(INPUTS * OUTPUTS, 2);
        OnnxGraph graph = product(half, Tensor.of(weights, OUTPUTS, INPUTS));

        float[] y = run(HalfProducts.widened(graph), x);

        for (int output = 0; output < OUTPUTS; output++) {
            double sum = 0;
            for (int input = 0; input < INPUTS; input++) {
                sum += (double) rounded(x[input], half) * rounded(weights[output * INPUTS + input], half);
            }
            assertThat(y[output]).isEqualTo(rounded(y[output], half));
            assertThat((double) y[output]).isCloseTo(rounded((float) sum, half), within(Math.abs(sum) * 1e-5));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"FLOAT16", "BFLOAT16"})
    void numbersBeyondTheRangeOfFloat16AreInfiniteThere(ElementType half) {
        float[] weights = gaussian(INPUTS * OUTPUTS, 2);
        float[] x = new float[INPUTS];
        x[0] = 70_000;

        float[] y = run(HalfProducts.widened(product(half, Tensor.of(weights, OUTPUTS, INPUTS))), x);

        for (float value : y) {
            assertThat(Float.isFinite(value)).isEqualTo(half == ElementType.BFLOAT16);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"FLOAT16", "BFLOAT16"})
    void otherOperatorsIn16BitsAreRefused(ElementType half) {
        OnnxGraph graph = new OnnxGraph("sum");
        GraphValue x = graph.node("Cast", graph.input("x", ElementType.FLOAT32, 1, INPUTS))
                .type("to", half)
                .output();
        graph.output("y", graph.node("Add", x, x).output(), half, 1, INPUTS);

        assertThatThrownBy(() -> HalfProducts.widened(graph))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("Add computes in");
    }

    private static OnnxGraph product(ElementType half, Tensor weights) {
        OnnxGraph graph = new OnnxGraph("product");
        GraphValue x = graph.node("Cast", graph.input("x", ElementType.FLOAT32, 1, INPUTS))
                .type("to", half)
                .output();
        GraphValue w =
                graph.node("Cast", graph.weight("w", weights)).type("to", half).output();
        GraphValue y =
                graph.node("Gemm", x, w, GraphValue.ABSENT).integer("transB", 1).output();
        graph.output(
                "y", graph.node("Cast", y).type("to", ElementType.FLOAT32).output(), ElementType.FLOAT32, 1, OUTPUTS);
        return graph;
    }

    private static float[] run(OnnxGraph graph, float[] x) {
        try (InferenceSession session = InferenceSession.open(graph, CPU)) {
            return session.run(Map.of("x", Tensor.of(x, 1, INPUTS))).get("y").floats();
        }
    }

    private static float rounded(float value, ElementType half) {
        return half == ElementType.FLOAT16
                ? Fp16Conversions.fp16ToFloat(Fp16Conversions.floatToFp16(value))
                : Fp16Conversions.bf16ToFloat(Fp16Conversions.floatToBf16(value));
    }

    private static float[] gaussian(int count, long seed) {
        Random random = new Random(seed);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }
}
