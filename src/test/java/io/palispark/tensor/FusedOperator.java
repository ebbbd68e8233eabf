package io.palispark.tensor;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;

/**
 * Operators that ONNX Runtime has in one piece, beside the plain nodes they stand for, at the extents of the 3B model at
 * 224 pixels: a prompt of 264 tokens, a picture of 256 patches.
 */
enum FusedOperator {
    /** Norms of the language model. */
    RMS_NORM {
        @Override
        Map<String, Tensor> inputs() {
            return drawn("x", PROMPT, WIDTH);
        }

        @Override
        GraphValue plain(OnnxGraph graph, Map<String, GraphValue> inputs) {
            GraphValue x = inputs.get("x");
            GraphValue mean = mean(graph, graph.node("Mul", x, x).output());
            GraphValue length = graph.node(
                            "Sqrt",
                            graph.node("Add", mean, number(graph, EPSILON)).output())
                    .output();
            return graph.node("Mul", graph.node("Div", x, length).output(), factors(graph))
                    .output();
        }

        @Override
        GraphValue fused(OnnxGraph graph, Map<String, GraphValue> inputs) {
            return graph.node("SimplifiedLayerNormalization", inputs.get("x"), factors(graph))
                    .integer("axis", -1)
                    .integer("stash_type", 1)
                    .number("epsilon", EPSILON)
                    .output();
        }

        private GraphValue factors(OnnxGraph graph) {
            return graph.weight("factors", numbers(2, WIDTH));
        }
    },
    /** The gate of the language model. */
    GELU {
        @Override
        Map<String, Tensor> inputs() {
            return drawn("x", PROMPT, INNER);
        }

        @Override
        GraphValue plain(OnnxGraph graph, Map<String, GraphValue> inputs) {
            GraphValue x = inputs.get("x");
            GraphValue cube =
                    graph.node("Mul", graph.node("Mul", x, x).output(), x).output();
            GraphValue bent = graph.node(
                            "Add",
                            x,
                            graph.node("Mul", cube, number(graph, 0.044715f)).output())
                    .output();
            GraphValue slope = graph.node("Mul", bent, number(graph, (float) Math.sqrt(2 / Math.PI)))
                    .output();
            GraphValue gate = graph.node("Add", graph.node("Tanh", slope).output(), number(graph, 1))
                    .output();
            return graph.node("Mul", graph.node("Mul", x, gate).output(), number(graph, 0.5f))
                    .output();
        }

        @Override
        GraphValue fused(OnnxGraph graph, Map<String, GraphValue> inputs) {
            return graph.node("Gelu", inputs.get("x"))
                    .text("approximate", "tanh")
                    .output();
        }
    },
    /** Turning queries by position. */
    ROTARY {
        @Override
        Map<String, Tensor> inputs() {
            return drawn("x", 1, PROMPT, HEADS * HEAD);
        }

        @Override
        GraphValue plain(OnnxGraph graph, Map<String, GraphValue> inputs) {
            GraphValue heads = graph.node("Reshape", inputs.get("x"), graph.integers(0, 0, HEADS, HEAD))
                    .output();
            var halves = graph.node("Split", heads)
                    .integer("axis", -1)
                    .integer("num_outputs", 2)
                    .outputs(2);
            GraphValue cosines = graph.weight("cosines", angles(Math::cos).reshaped(PROMPT, 1, HEAD / 2));
            GraphValue sines = graph.weight("sines", angles(Math::sin).reshaped(PROMPT, 1, HEAD / 2));
            GraphValue first = graph.node(
                            "Sub",
                            graph.node("Mul", halves.get(0), cosines).output(),
                            graph.node("Mul", halves.get(1), sines).output())
                    .output();
            GraphValue second = graph.node(
                            "Add",
                            graph.node("Mul", halves.get(1), cosines).output(),
                            graph.node("Mul", halves.get(0), sines).output())
                    .output();
            GraphValue turned =
                    graph.node("Concat", first, second).integer("axis", -1).output();
            return graph.node("Reshape", turned, graph.integers(0, 0, HEADS * HEAD))
                    .output();
        }

        @Override
        GraphValue fused(OnnxGraph graph, Map<String, GraphValue> inputs) {
            long[] positions = new long[PROMPT];
            java.util.Arrays.setAll(positions, position -> position);
            return graph.node(
                            "RotaryEmbedding",
                            inputs.get("x"),
                            graph.constant(Tensor.of(positions, 1, PROMPT)),
                            graph.weight("cosines", angles(Math::cos)),
                            graph.weight("sines", angles(Math::sin)))
                    .domain(MICROSOFT)
                    .integer("num_heads", HEADS)
                    .integer("rotary_embedding_dim", HEAD)
                    .output();
        }

        private Tensor angles(java.util.function.DoubleUnaryOperator function) {
            float[] values = new float[PROMPT * HEAD / 2];
            for (int i = 0; i < values.length; i++) {
                double frequency = Math.pow(10_000, -2.0 * (i % (HEAD / 2)) / HEAD);
                values[i] = (float) function.applyAsDouble(i / (HEAD / 2) * frequency);
            }
            return Tensor.of(values, PROMPT, HEAD / 2);
        }
    },
    /** One new token over what was seen; GroupQueryAttention hides what comes later and so cannot read our prompts. */
    TOKEN_ATTENTION {
        @Override
        Map<String, Tensor> inputs() {
            Map<String, Tensor> inputs = new LinkedHashMap<>(drawn("queries", 1, 1, HEADS * HEAD));
            inputs.putAll(drawn("keys", 1, 1, HEAD));
            inputs.putAll(drawn("values", 1, 1, HEAD));
            inputs.putAll(drawn("pastKeys", 1, 1, PROMPT, HEAD));
            inputs.putAll(drawn("pastValues", 1, 1, PROMPT, HEAD));
            return inputs;
        }

        @Override
        GraphValue plain(OnnxGraph graph, Map<String, GraphValue> inputs) {
            GraphValue keys = grown(graph, inputs.get("pastKeys"), inputs.get("keys"));
            GraphValue values = grown(graph, inputs.get("pastValues"), inputs.get("values"));
            GraphValue queries = graph.node("Reshape", inputs.get("queries"), graph.integers(1, 1, HEADS, HEAD))
                    .output();
            GraphValue scaled = graph.node("Mul", queries, number(graph, SCALE)).output();
            GraphValue turned =
                    graph.node("Transpose", keys).integers("perm", 0, 1, 3, 2).output();
            GraphValue weights = graph.node(
                            "Softmax", graph.node("MatMul", scaled, turned).output())
                    .integer("axis", -1)
                    .output();
            return graph.node(
                            "Reshape",
                            graph.node("MatMul", weights, values).output(),
                            graph.integers(1, 1, HEADS * HEAD))
                    .output();
        }

        private GraphValue grown(OnnxGraph graph, GraphValue past, GraphValue added) {
            GraphValue one =
                    graph.node("Reshape", added, graph.integers(1, 1, 1, HEAD)).output();
            return graph.node("Concat", past, one).integer("axis", 2).output();
        }

        @Override
        GraphValue fused(OnnxGraph graph, Map<String, GraphValue> inputs) {
            return graph.node(
                            "GroupQueryAttention",
                            inputs.get("queries"),
                            inputs.get("keys"),
                            inputs.get("values"),
                            inputs.get("pastKeys"),
                            inputs.get("pastValues"),
                            graph.constant(whole(PROMPT, 1)),
                            graph.constant(whole(PROMPT + 1)))
                    .domain(MICROSOFT)
                    .integer("num_heads", HEADS)
                    .integer("kv_num_heads", 1)
                    .number("scale", SCALE)
                    .outputs(3)
                    .get(0);
        }

        private Tensor whole(int value, long... shape) {
            Tensor tensor = Tensor.allocate(ElementType.INT32, shape);
            tensor.buffer().putInt(value);
            return tensor;
        }
    },
    /** Attention of the picture's patches. */
    PATCH_ATTENTION {
        @Override
        Map<String, Tensor> inputs() {
            Map<String, Tensor> inputs = new LinkedHashMap<>(drawn("queries", 1, PATCHES, PATCH_WIDTH));
            inputs.putAll(drawn("keys", 1, PATCHES, PATCH_WIDTH));
            inputs.putAll(drawn("values", 1, PATCHES, PATCH_WIDTH));
            return inputs;
        }

        @Override
        GraphValue plain(OnnxGraph graph, Map<String, GraphValue> inputs) {
            GraphValue queries = graph.node("Mul", inputs.get("queries"), number(graph, PATCH_SCALE))
                    .output();
            GraphValue scores = graph.node(
                            "MatMul", heads(graph, queries, 0, 2, 1, 3), heads(graph, inputs.get("keys"), 0, 2, 3, 1))
                    .output();
            GraphValue weights =
                    graph.node("Softmax", scores).integer("axis", -1).output();
            GraphValue mixed = graph.node("MatMul", weights, heads(graph, inputs.get("values"), 0, 2, 1, 3))
                    .output();
            return graph.node(
                            "Reshape",
                            graph.node("Transpose", mixed)
                                    .integers("perm", 0, 2, 1, 3)
                                    .output(),
                            graph.integers(1, PATCHES, PATCH_WIDTH))
                    .output();
        }

        private GraphValue heads(OnnxGraph graph, GraphValue x, long... order) {
            GraphValue heads = graph.node(
                            "Reshape", x, graph.integers(1, PATCHES, PATCH_HEADS, PATCH_WIDTH / PATCH_HEADS))
                    .output();
            return graph.node("Transpose", heads).integers("perm", order).output();
        }

        @Override
        GraphValue fused(OnnxGraph graph, Map<String, GraphValue> inputs) {
            return graph.node("MultiHeadAttention", inputs.get("queries"), inputs.get("keys"), inputs.get("values"))
                    .domain(MICROSOFT)
                    .integer("num_heads", PATCH_HEADS)
                    .number("scale", PATCH_SCALE)
                    .output();
        }
    };

    private static final String MICROSOFT = "com.microsoft";
    private static final int PROMPT = 264;
    private static final int WIDTH = 2048;
    private static final int INNER = 16384;
    private static final int HEADS = 8;
    private static final int HEAD = 256;
    private static final float SCALE = 1f / 16;
    private static final float EPSILON = 1e-6f;
    private static final int PATCHES = 256;
    private static final int PATCH_WIDTH = 1152;
    private static final int PATCH_HEADS = 16;
    private static final float PATCH_SCALE = (float) (1 / Math.sqrt(72));

    /** Which nodes a graph is made of. */
    enum Form {
        PLAIN,
        FUSED
    }

    abstract Map<String, Tensor> inputs();

    abstract GraphValue plain(OnnxGraph graph, Map<String, GraphValue> inputs);

    abstract GraphValue fused(OnnxGraph graph, Map<String, GraphValue> inputs);

    InferenceSession open(Form form, int threads) {
        OnnxGraph graph = new OnnxGraph(name() + form);
        Map<String, GraphValue> values = new LinkedHashMap<>();
        inputs().forEach((name, tensor) -> values.put(name, graph.input(name, tensor.type(), tensor.shape())));
        GraphValue result = switch (form) {
            case PLAIN -> plain(graph, values);
            case FUSED -> fused(graph, values);
        };
        long[] extents = values.size() == 1
                ? inputs().get("x").shape()
                : inputs().get("queries").shape();
        graph.output("y", result, ElementType.FLOAT32, extents);
        return InferenceSession.open(graph, new Device.Cpu(threads));
    }

    private static Map<String, Tensor> drawn(String name, long... shape) {
        return Map.of(name, numbers(name.hashCode(), shape));
    }

    private static Tensor numbers(long seed, long... shape) {
        Random random = new Random(seed);
        float[] values = new float[Math.toIntExact(Tensor.count(shape))];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return Tensor.of(values, shape);
    }

    private static GraphValue number(OnnxGraph graph, float value) {
        return graph.constant(Tensor.scalar(value));
    }

    private static GraphValue mean(OnnxGraph graph, GraphValue x) {
        return graph.node("ReduceMean", x, graph.integers(-1)).output();
    }
}
