package io.palispark.tensor;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;

/**
 * How 8-bit weights are written down. The forms mean the same numbers, and wherever both are exact a product gives the
 * same bits from either.
 */
public enum Int8Form {
    /** Numbers as they are. Faster, but kernels of x86 processors without VNNI cut sums of two products to 16 bits. */
    SIGNED(ElementType.INT8, 0),
    /** 128 more than the number; exact on every processor. */
    UNSIGNED(ElementType.UINT8, 128);

    private final ElementType type;
    private final int zero;

    Int8Form(ElementType type, int zero) {
        this.type = type;
        this.zero = zero;
    }

    ElementType type() {
        return type;
    }

    /** What stands for zero. */
    int zero() {
        return zero;
    }

    static Int8Form of(ElementType type) {
        return type == SIGNED.type ? SIGNED : UNSIGNED;
    }

    /** The fastest form that ONNX Runtime multiplies exactly on this machine, by trial. */
    public static Int8Form ofThisMachine() {
        return Trial.FORM;
    }

    /** Products of the largest numbers, whose sums fit 16 bits nowhere. */
    private static final class Trial {

        private static final int EXTENT = 64;
        private static final List<Integer> ROWS = List.of(1, 2, 4, 17);
        private static final int LARGEST_INPUT = 255;
        private static final float EXACT = (float) EXTENT * LARGEST_INPUT * QuantizedMatrix.LARGEST_INT8;

        static final Int8Form FORM = ROWS.stream().allMatch(Trial::isExact) ? SIGNED : UNSIGNED;

        private static boolean isExact(int rows) {
            OnnxGraph graph = new OnnxGraph("trial" + rows);
            GraphValue x = graph.input("x", ElementType.UINT8, rows, EXTENT);
            GraphValue weight =
                    graph.weight("weight", filled(ElementType.INT8, QuantizedMatrix.LARGEST_INT8, EXTENT, EXTENT));
            GraphValue one = graph.constant(Tensor.scalar(1f));
            GraphValue y = graph.node("MatMulIntegerToFloat", x, weight, one, one)
                    .domain("com.microsoft")
                    .output();
            graph.output("y", y, ElementType.FLOAT32, rows, EXTENT);
            try (InferenceSession session = InferenceSession.open(graph, new Device.Cpu(1))) {
                Tensor inputs = filled(ElementType.UINT8, LARGEST_INPUT, rows, EXTENT);
                for (float sum : session.run(Map.of("x", inputs)).get("y").floats()) {
                    if (sum != EXACT) {
                        return false;
                    }
                }
                return true;
            }
        }

        private static Tensor filled(ElementType type, int value, long... shape) {
            Tensor tensor = Tensor.allocate(type, shape);
            ByteBuffer bytes = tensor.buffer();
            while (bytes.hasRemaining()) {
                bytes.put((byte) value);
            }
            return tensor;
        }
    }
}
