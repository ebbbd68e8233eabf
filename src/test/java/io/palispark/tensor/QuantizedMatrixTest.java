package io.palispark.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class QuantizedMatrixTest {

    private static final int OUTPUTS = 70;
    private static final int INPUTS = 75;

    private final float[] weights = new float[OUTPUTS * INPUTS];

    QuantizedMatrixTest() {
        Random random = new Random(5);
        for (int i = 0; i < weights.length; i++) {
            weights[i] = (float) random.nextGaussian();
        }
        // an output of zeros must not become anything else
        Arrays.fill(weights, 3 * INPUTS, 4 * INPUTS, 0);
    }

    @ParameterizedTest
    @EnumSource
    void int8ColumnsAreWithinHalfAStepOfTheWeights(Int8Form form) {
        QuantizedMatrix matrix = QuantizedMatrix.columnsOfInt8(Tensor.of(weights, OUTPUTS, INPUTS), form);

        assertThat(matrix.values().shape()).containsExactly(INPUTS, OUTPUTS);
        float[] scales = matrix.scales().floats();
        long[] values = matrix.values().longs();
        long[] zeros = matrix.zeroPoints().longs();
        for (int output = 0; output < OUTPUTS; output++) {
            for (int input = 0; input < INPUTS; input++) {
                float back = (values[input * OUTPUTS + output] - zeros[output]) * scales[output];
                assertThat(Math.abs(back - weights[output * INPUTS + input]))
                        .isLessThanOrEqualTo(0.5001f * scales[output]);
            }
        }
    }

    @Test
    void int4BlocksAreWithinAStepOfTheWeights() {
        QuantizedMatrix matrix = QuantizedMatrix.blocksOfInt4(Tensor.of(weights, OUTPUTS, INPUTS));

        assertThat(matrix.values().shape()).containsExactly(OUTPUTS, 3, 16);
        float[] scales = matrix.scales().floats();
        long[] values = matrix.values().longs();
        for (int output = 0; output < OUTPUTS; output++) {
            for (int input = 0; input < INPUTS; input++) {
                int block = output * 3 + input / 32;
                long pair = values[block * 16 + input % 32 / 2];
                long value = (input % 2 == 0 ? pair & 15 : pair >> 4) - 8;
                assertThat(Math.abs(value * scales[block] - weights[output * INPUTS + input]))
                        .isLessThanOrEqualTo(1.0001f * Math.abs(scales[block]));
            }
        }
    }

    @Test
    void theFormOfThisMachineGivesTheExactSumsOfTheOther() {
        Tensor weight = Tensor.of(weights, OUTPUTS, INPUTS);
        QuantizedMatrix form = QuantizedMatrix.columnsOfInt8(weight, Int8Form.ofThisMachine());
        QuantizedMatrix exact = QuantizedMatrix.columnsOfInt8(weight, Int8Form.UNSIGNED);

        assertThat(wholeNumberProduct(form)).isEqualTo(wholeNumberProduct(exact));
    }

    /** With the largest activations, whose sums are cut first. */
    private static float[] wholeNumberProduct(QuantizedMatrix matrix) {
        OnnxGraph graph = new OnnxGraph("product");
        GraphValue x = graph.input("x", ElementType.UINT8, OnnxGraph.ANY, INPUTS);
        GraphValue y = graph.node(
                        "MatMulIntegerToFloat",
                        x,
                        graph.weight("w", matrix.values()),
                        graph.constant(Tensor.scalar(1f)),
                        graph.weight("scales", matrix.scales()),
                        GraphValue.ABSENT,
                        graph.weight("zeros", matrix.zeroPoints()))
                .domain("com.microsoft")
                .output();
        graph.output("y", y, ElementType.FLOAT32, OnnxGraph.ANY, OUTPUTS);
        Tensor largest = Tensor.allocate(ElementType.UINT8, 5, INPUTS);
        for (int i = 0; i < 5 * INPUTS; i++) {
            largest.buffer().put(i, (byte) 255);
        }
        try (InferenceSession session = InferenceSession.open(graph, new Device.Cpu(1))) {
            return session.run(Map.of("x", largest)).get("y").floats();
        }
    }

    @ParameterizedTest
    @EnumSource
    void theOperatorsMultiplyByTheQuantizedWeights(ProductForm form) {
        assumeTrue(
                form != ProductForm.INT8_SIGNED || Int8Form.ofThisMachine() == Int8Form.SIGNED,
                "this processor cuts sums of signed products");
        float[] row = new float[INPUTS];
        for (int i = 0; i < INPUTS; i++) {
            row[i] = (i % 5 - 2) / 2f;
        }
        float[] product;
        try (InferenceSession session = form.open(Tensor.of(weights, OUTPUTS, INPUTS), 1)) {
            product =
                    session.run(Map.of("x", Tensor.of(row, 1, INPUTS))).get("y").floats();
        }
        double exactLength = 0;
        double error = 0;
        for (int output = 0; output < OUTPUTS; output++) {
            double exact = 0;
            for (int input = 0; input < INPUTS; input++) {
                exact += row[input] * weights[output * INPUTS + input];
            }
            exactLength += exact * exact;
            error += Math.pow(product[output] - exact, 2);
        }
        assertThat(Math.sqrt(error / exactLength)).isLessThan(form.error());
        assertThat(product[3]).isZero();
    }
}
