package io.palispark.tensor;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;

/** The ways in which ONNX Runtime multiplies rows by a weight matrix [outputs, inputs]. */
enum ProductForm {
    /** As {@code float32} has it. */
    GEMM(1e-5) {
        @Override
        GraphValue product(OnnxGraph graph, GraphValue x, Tensor weight) {
            return graph.node("Gemm", x, graph.weight("w", weight))
                    .integer("transB", 1)
                    .output();
        }
    },
    /** The other layout, [inputs, outputs]. */
    MATMUL(1e-5) {
        @Override
        GraphValue product(OnnxGraph graph, GraphValue x, Tensor weight) {
            return graph.node("MatMul", x, graph.weight("w", turned(weight))).output();
        }
    },
    /** As {@code int8} has it on processors without VNNI: a scale a row of x, a scale an output. */
    INT8_UNSIGNED(0.02) {
        @Override
        GraphValue product(OnnxGraph graph, GraphValue x, Tensor weight) {
            return wholeNumbers(graph, x, QuantizedMatrix.columnsOfInt8(weight, Int8Form.UNSIGNED));
        }
    },
    /** As {@code int8} has it on the others. */
    INT8_SIGNED(0.02) {
        @Override
        GraphValue product(OnnxGraph graph, GraphValue x, Tensor weight) {
            return wholeNumbers(graph, x, QuantizedMatrix.columnsOfInt8(weight, Int8Form.SIGNED));
        }
    },
    /** One scale for all rows of x. */
    DYNAMIC_INT8(0.02) {
        @Override
        GraphValue product(OnnxGraph graph, GraphValue x, Tensor weight) {
            QuantizedMatrix matrix = QuantizedMatrix.columnsOfInt8(weight, Int8Form.ofThisMachine());
            return graph.node(
                            "DynamicQuantizeMatMul",
                            x,
                            graph.weight("w", matrix.values()),
                            graph.weight("scales", matrix.scales()),
                            graph.weight("zeros", matrix.zeroPoints()))
                    .domain(MICROSOFT)
                    .output();
        }
    },
    /** A scale for 32 weights. */
    BLOCKS_OF_INT8(0.015) {
        @Override
        GraphValue product(OnnxGraph graph, GraphValue x, Tensor weight) {
            return blocks(graph, x, weight, blocksOfInt8(weight), 8);
        }
    },
    /** As {@code int4} has it. */
    BLOCKS_OF_INT4(0.2) {
        @Override
        GraphValue product(OnnxGraph graph, GraphValue x, Tensor weight) {
            return blocks(graph, x, weight, QuantizedMatrix.blocksOfInt4(weight), 4);
        }
    };

    private static final String MICROSOFT = "com.microsoft";

    private final double error;

    ProductForm(double error) {
        this.error = error;
    }

    /** Bound on the length of the difference to the exact product over its length, for Gaussian numbers. */
    double error() {
        return error;
    }

    abstract GraphValue product(OnnxGraph graph, GraphValue x, Tensor weight);

    /** Takes x [rows, inputs] and gives y [rows, outputs]. */
    InferenceSession open(Tensor weight, int threads) {
        OnnxGraph graph = new OnnxGraph(name());
        GraphValue x = graph.input("x", ElementType.FLOAT32, OnnxGraph.ANY, weight.extent(1));
        graph.output("y", product(graph, x, weight), ElementType.FLOAT32, OnnxGraph.ANY, weight.extent(0));
        return InferenceSession.open(graph, new Device.Cpu(threads));
    }

    private static GraphValue wholeNumbers(OnnxGraph graph, GraphValue x, QuantizedMatrix matrix) {
        GraphValue step = graph.constant(Tensor.scalar(1f / QuantizedMatrix.LARGEST_INT8));
        Tensor middle = Tensor.allocate(ElementType.UINT8);
        middle.buffer().put((byte) 128);
        GraphValue zero = graph.constant(middle);
        GraphValue scale = graph.node("ReduceMax", graph.node("Abs", x).output(), graph.integers(-1))
                .output();
        GraphValue rounded = graph.node(
                        "QuantizeLinear", graph.node("Div", x, scale).output(), step, zero)
                .output();
        GraphValue products = graph.node(
                        "MatMulIntegerToFloat",
                        rounded,
                        graph.weight("w", matrix.values()),
                        step,
                        graph.weight("scales", matrix.scales()),
                        zero,
                        graph.weight("zeros", matrix.zeroPoints()))
                .domain(MICROSOFT)
                .output();
        return graph.node("Mul", products, scale).output();
    }

    private static GraphValue blocks(OnnxGraph graph, GraphValue x, Tensor weight, QuantizedMatrix matrix, int bits) {
        return graph.node("MatMulNBits", x, graph.weight("w", matrix.values()), graph.weight("scales", matrix.scales()))
                .domain(MICROSOFT)
                .integer("K", weight.extent(1))
                .integer("N", weight.extent(0))
                .integer("bits", bits)
                .integer("block_size", QuantizedMatrix.BLOCK)
                .integer("accuracy_level", 4)
                .output();
    }

    private static QuantizedMatrix blocksOfInt8(Tensor weight) {
        int outputs = Math.toIntExact(weight.extent(0));
        int inputs = Math.toIntExact(weight.extent(1));
        int blocks = (inputs + QuantizedMatrix.BLOCK - 1) / QuantizedMatrix.BLOCK;
        Tensor values = Tensor.allocate(ElementType.UINT8, outputs, blocks, QuantizedMatrix.BLOCK);
        Tensor scales = Tensor.allocate(ElementType.FLOAT32, (long) outputs * blocks);
        ByteBuffer bytes = values.buffer();
        FloatBuffer steps = scales.buffer().asFloatBuffer();
        FloatBuffer numbers = weight.buffer().asFloatBuffer();
        for (int block = 0; block < outputs * blocks; block++) {
            int from = block / blocks * inputs + block % blocks * QuantizedMatrix.BLOCK;
            int to = Math.min(from + QuantizedMatrix.BLOCK, (block / blocks + 1) * inputs);
            float largest = 0;
            for (int i = from; i < to; i++) {
                largest = Math.max(largest, Math.abs(numbers.get(i)));
            }
            steps.put(block, largest / QuantizedMatrix.LARGEST_INT8);
            for (int i = 0; i < QuantizedMatrix.BLOCK; i++) {
                float steady = from + i < to && largest > 0 ? numbers.get(from + i) / steps.get(block) : 0;
                bytes.put((byte) (128 + (int) Math.rint(steady)));
            }
        }
        return new QuantizedMatrix(values, scales);
    }

    private static Tensor turned(Tensor weight) {
        int outputs = Math.toIntExact(weight.extent(0));
        int inputs = Math.toIntExact(weight.extent(1));
        Tensor turned = Tensor.allocate(ElementType.FLOAT32, inputs, outputs);
        FloatBuffer target = turned.buffer().asFloatBuffer();
        FloatBuffer source = weight.buffer().asFloatBuffer();
        for (int output = 0; output < outputs; output++) {
            for (int input = 0; input < inputs; input++) {
                target.put(input * outputs + output, source.get(output * inputs + input));
            }
        }
        return turned;
    }
}
