package io.palispark.tensor;

import static org.assertj.core.api.Assertions.assertThat;

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

    @Test
    void theOperatorsMultiplyByTheQuantizedWeights() {
        float[] row = new float[INPUTS];
        for (int i = 0; i < INPUTS; i++) {
            row[i] = (i % 5 - 2) / 2f;
        }
        double exactLength = 0;
        double error8 = 0;
        double error4 = 0;
        float[] by8 = product(row, 8);
        float[] by4 = product(row, 4);
        for (int output = 0; output < OUTPUTS; output++) {
            double exact = 0;
            for (int input = 0; input < INPUTS; input++) {
                exact += row[input] * weights[output * INPUTS + input];
            }
            exactLength += exact * exact;
            error8 += Math.pow(by8[output] - exact, 2);
            error4 += Math.pow(by4[output] - exact, 2);
        }
        assertThat(Math.sqrt(error8 / exactLength)).isLessThan(0.02);
        assertThat(Math.sqrt(error4 / exactLength)).isLessThan(0.2);
        assertThat(by8[3]).isZero();
        assertThat(by4[3]).isZero();
    }

    private float[] product(float[] row, int bits) {
        OnnxGraph graph = new OnnxGraph("product" + bits);
        GraphValue x = graph.input("x", ElementType.FLOAT32, OnnxGraph.ANY, INPUTS);
        Tensor weight = Tensor.of(weights, OUTPUTS, INPUTS);
        GraphNode node;
        if (bits == 8) {
            QuantizedMatrix matrix = QuantizedMatrix.columnsOfInt8(weight, Int8Form.ofThisMachine());
            node = graph.node(
                    "DynamicQuantizeMatMul",
                    x,
                    graph.weight("w", matrix.values()),
                    graph.weight("scales", matrix.scales()),
                    graph.weight("zeros", matrix.zeroPoints()));
        } else {
            QuantizedMatrix matrix = QuantizedMatrix.blocksOfInt4(weight);
            node = graph.node(
                            "MatMulNBits",
                            x,
                            graph.weight("w", matrix.values()),
                            graph.weight("scales", matrix.scales()))
                    .integer("K", INPUTS)
                    .integer("N", OUTPUTS)
                    .integer("bits", 4)
                    .integer("block_size", QuantizedMatrix.BLOCK);
        }
        graph.output("y", node.domain("com.microsoft").output(), ElementType.FLOAT32, OnnxGraph.ANY, OUTPUTS);
        try (InferenceSession session = InferenceSession.open(graph, new Device.Cpu(1))) {
            return session.run(Map.of("x", Tensor.of(row, 1, INPUTS))).get("y").floats();
        }
    }
}
