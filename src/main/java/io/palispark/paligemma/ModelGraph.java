package io.palispark.paligemma;

import io.palispark.tensor.ElementType;
import io.palispark.tensor.GraphValue;
import io.palispark.tensor.Int8Form;
import io.palispark.tensor.OnnxGraph;
import io.palispark.tensor.QuantizedMatrix;
import io.palispark.tensor.Tensor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * A graph under construction over the weights of a checkpoint. Activations are float32 and, outside attention,
 * matrices with one row per token. Weights stay as they are in their file; the session makes another type of them, once.
 */
final class ModelGraph {

    static final String MICROSOFT = "com.microsoft";

    private static final String TABLE = "table.";

    private final OnnxGraph graph;
    private final ModelBuild build;
    private final ModelGraph outermost;
    private final WeightPlace place;
    private final Map<String, GraphValue> stored = new HashMap<>();
    private final Map<Float, GraphValue> numbers = new HashMap<>();

    ModelGraph(String name, ModelBuild build) {
        this.graph = new OnnxGraph(name);
        this.build = build;
        this.outermost = this;
        this.place = build.weightPlace();
    }

    private ModelGraph(String name, ModelGraph outer) {
        this.graph = new OnnxGraph(name);
        this.build = outer.build.withStages(Set.of());
        this.outermost = outer.outermost;
        this.place = outer.place;
    }

    /** The body of a node of this graph: it uses the weights of this one, and has no stages. */
    ModelGraph body(String name) {
        return new ModelGraph(name, this);
    }

    OnnxGraph onnx() {
        return graph;
    }

    Checkpoint checkpoint() {
        return build.checkpoint();
    }

    /** Marks a value as the result of a stage; the value itself. */
    GraphValue stage(String name, GraphValue value) {
        if (build.stages().contains(name)) {
            graph.output(name, value, ElementType.FLOAT32, OnnxGraph.ANY, OnnxGraph.ANY);
        }
        return value;
    }

    GraphValue weight(String name) throws IOException {
        return weight(name, checkpoint().tensor(name));
    }

    /** A weight as float32. */
    GraphValue weight(String name, Tensor tensor) {
        return weight(name, tensor, ElementType.FLOAT32);
    }

    private GraphValue weight(String name, Tensor tensor, ElementType type) {
        GraphValue value = stored(name, tensor);
        return tensor.type() == type ? value : once(name + " as " + type, () -> outermost.cast(value, type));
    }

    /** A matrix as float32: made once by the session, or at every call of that which lies in its file. */
    private GraphValue matrix(String name, Tensor tensor) {
        return switch (place) {
            case WIDENED, AUTO -> weight(name, tensor);
            case MAPPED -> once(name, () -> outermost.graph.lentWeight(name, tensor, ElementType.FLOAT32));
        };
    }

    /** A weight as it is. */
    private GraphValue stored(String name, Tensor tensor) {
        return once(name, () -> outermost.graph.weight(name, tensor));
    }

    /** A value of the outermost graph, made once for it and all bodies. */
    private GraphValue once(String name, Supplier<GraphValue> making) {
        GraphValue known = outermost.stored.get(name);
        if (known == null) {
            known = making.get();
            outermost.stored.put(name, known);
        }
        return known;
    }

    GraphValue widened(GraphValue value, ElementType type) {
        return type == ElementType.FLOAT32 ? value : cast(value, ElementType.FLOAT32);
    }

    /** x Wᵀ + b for a matrix x and the weight and bias below a name. */
    GraphValue linear(GraphValue x, String name) throws IOException {
        return product(x, name, checkpoint().tensor(name + ".weight"), weight(name + ".bias"), build.precision());
    }

    /** x Wᵀ for a matrix x and the weight below a name. */
    GraphValue product(GraphValue x, String name) throws IOException {
        return product(x, name, checkpoint().tensor(name + ".weight"), GraphValue.ABSENT, build.precision());
    }

    /**
     * x Wᵀ with the matrix of the logits, which stays in 8 bits where the others have 4. Where table and head are one tensor
     * and of 16 bits, they are one weight here too.
     */
    GraphValue headProduct(GraphValue x) throws IOException {
        Precision headPrecision = build.precision() == Precision.INT4 ? Precision.INT8 : build.precision();
        boolean isTable = headPrecision.half().isPresent() && !checkpoint().ownHead();
        List<Tensor> blocks =
                isTable ? checkpoint().embeddingBlocks() : checkpoint().headBlocks();
        List<GraphValue> parts = new ArrayList<>();
        for (int i = 0; i < blocks.size(); i++) {
            String name = (isTable ? TABLE : "head.") + i;
            parts.add(product(x, name, blocks.get(i), GraphValue.ABSENT, headPrecision));
        }
        return parts.size() == 1 ? parts.get(0) : concat(1, parts.toArray(new GraphValue[0]));
    }

    private GraphValue product(GraphValue x, String name, Tensor weight, GraphValue bias, Precision numbers)
            throws IOException {
        return switch (numbers) {
            case FLOAT32 -> product(x, matrix(name + ".weight", weight), bias);
            case BFLOAT16 -> halfProduct(x, name, weight, ElementType.BFLOAT16, bias);
            case FLOAT16 -> halfProduct(x, name, weight, ElementType.FLOAT16, bias);
            case INT8 ->
                wholeNumberProduct(x, name, build.quantised().columnsOfInt8(weight, Int8Form.ofThisMachine()), bias);
            case INT4 -> {
                QuantizedMatrix matrix = build.quantised().blocksOfInt4(weight);
                GraphValue result = graph.node(
                                "MatMulNBits",
                                x,
                                stored(name + ".int4", matrix.values()),
                                stored(name + ".scales", matrix.scales()))
                        .domain(MICROSOFT)
                        .integer("K", weight.extent(1))
                        .integer("N", weight.extent(0))
                        .integer("bits", 4)
                        .integer("block_size", QuantizedMatrix.BLOCK)
                        // the sums are taken in 8-bit whole numbers, the fastest of its kernels
                        .integer("accuracy_level", 4)
                        .output();
                yield bias == GraphValue.ABSENT ? result : add(result, bias);
            }
        };
    }

    /** In a type of 16 bits, to which x and the result are rounded and the weights too, once, when they are loaded. */
    private GraphValue halfProduct(GraphValue x, String name, Tensor weight, ElementType half, GraphValue bias) {
        GraphValue products = product(cast(x, half), weight(name + ".weight", weight, half), GraphValue.ABSENT);
        GraphValue result = widened(products, half);
        return bias == GraphValue.ABSENT ? result : add(result, bias);
    }

    /**
     * Each row of x is divided by its largest number and then rounded to 8 bits: unlike one scale for all rows, as
     * DynamicQuantizeMatMul has it, this gives a row the same result whatever stands beside it.
     */
    private GraphValue wholeNumberProduct(GraphValue x, String name, QuantizedMatrix matrix, GraphValue bias) {
        GraphValue largest = graph.node("ReduceMax", graph.node("Abs", x).output(), graph.integers(-1))
                .output();
        GraphValue scale = graph.node("Max", largest, number(Float.MIN_NORMAL)).output();
        GraphValue rounded = graph.node(
                        "QuantizeLinear",
                        graph.node("Div", x, scale).output(),
                        number(1f / QuantizedMatrix.LARGEST_INT8),
                        zero())
                .output();
        GraphValue products = graph.node(
                        "MatMulIntegerToFloat",
                        rounded,
                        stored(name + ".int8", matrix.values()),
                        number(1f / QuantizedMatrix.LARGEST_INT8),
                        stored(name + ".scales", matrix.scales()),
                        zero(),
                        stored(name + ".zeros", matrix.zeroPoints()))
                .domain(MICROSOFT)
                .output();
        GraphValue result = multiply(products, scale);
        return bias == GraphValue.ABSENT ? result : add(result, bias);
    }

    /** What stands for zero among the rounded activations, which have no sign. */
    private GraphValue zero() {
        Tensor zero = Tensor.allocate(ElementType.UINT8);
        zero.buffer().put((byte) (QuantizedMatrix.LARGEST_INT8 + 1));
        return graph.constant(zero);
    }

    GraphValue product(GraphValue x, GraphValue weight, GraphValue bias) {
        return graph.node("Gemm", x, weight, bias).integer("transB", 1).output();
    }

    GraphValue layerNorm(GraphValue x, String name, double epsilon) throws IOException {
        return graph.node("LayerNormalization", x, weight(name + ".weight"), weight(name + ".bias"))
                .integer("axis", -1)
                .number("epsilon", (float) epsilon)
                .output();
    }

    /** x / sqrt(mean(x²) + ε) · (1 + w): the file holds the distance of the factor from one. */
    GraphValue rmsNorm(GraphValue x, String name, double epsilon) throws IOException {
        float[] factors = checkpoint().tensor(name + ".weight").floats();
        for (int i = 0; i < factors.length; i++) {
            factors[i] += 1;
        }
        GraphValue scale = stored(name + ".factor", Tensor.of(factors, factors.length));
        return graph.node("SimplifiedLayerNormalization", x, scale)
                .integer("axis", -1)
                .integer("stash_type", 1)
                .number("epsilon", (float) epsilon)
                .output();
    }

    /** An operator without attributes. */
    GraphValue apply(String operator, GraphValue... inputs) {
        return graph.node(operator, inputs).output();
    }

    GraphValue cast(GraphValue x, ElementType type) {
        return graph.node("Cast", x).type("to", type).output();
    }

    GraphValue gelu(GraphValue x) {
        return graph.node("Gelu", x).text("approximate", "tanh").output();
    }

    GraphValue add(GraphValue a, GraphValue b) {
        return graph.node("Add", a, b).output();
    }

    GraphValue multiply(GraphValue a, GraphValue b) {
        return graph.node("Mul", a, b).output();
    }

    GraphValue multiply(GraphValue a, double factor) {
        return multiply(a, number((float) factor));
    }

    GraphValue number(float value) {
        return numbers.computeIfAbsent(value, same -> graph.constant(Tensor.scalar(same)));
    }

    /** Extents as ONNX has them: 0 keeps an extent, -1 takes what is left. */
    GraphValue reshape(GraphValue x, long... extents) {
        return reshape(x, graph.integers(extents));
    }

    GraphValue reshape(GraphValue x, GraphValue extents) {
        return graph.node("Reshape", x, extents).output();
    }

    GraphValue transpose(GraphValue x, long... order) {
        return graph.node("Transpose", x).integers("perm", order).output();
    }

    GraphValue softmax(GraphValue x) {
        return graph.node("Softmax", x).integer("axis", -1).output();
    }

    GraphValue matrixProduct(GraphValue a, GraphValue b) {
        return graph.node("MatMul", a, b).output();
    }

    /** Entries along an axis, by their numbers. */
    GraphValue gather(int axis, GraphValue from, GraphValue indices) {
        return graph.node("Gather", from, indices).integer("axis", axis).output();
    }

    GraphValue concat(int axis, GraphValue... parts) {
        return graph.node("Concat", parts).integer("axis", axis).output();
    }

    /** Rows of the embedding table as float32. The table may be too large for one weight; it has 16 bits where products have. */
    GraphValue tableRows(GraphValue ids) throws IOException {
        List<Tensor> blocks = checkpoint().embeddingBlocks();
        GraphValue rows = GraphValue.ABSENT;
        long start = 0;
        for (int i = 0; i < blocks.size(); i++) {
            Tensor block = blocks.get(i);
            ElementType type = build.precision().half().orElse(block.type());
            GraphValue table = weight(TABLE + i + ".weight", block, type);
            if (blocks.size() == 1) {
                return widened(graph.node("Gather", table, ids).output(), type);
            }
            GraphValue local = graph.node("Sub", ids, integer(start)).output();
            GraphValue inside = graph.node("Clip", local, integer(0), integer(block.extent(0) - 1))
                    .output();
            GraphValue found = widened(graph.node("Gather", table, inside).output(), type);
            if (i == 0) {
                rows = found;
            } else {
                GraphValue here =
                        graph.node("GreaterOrEqual", ids, integer(start)).output();
                GraphValue wide =
                        graph.node("Unsqueeze", here, graph.integers(-1)).output();
                rows = graph.node("Where", wide, found, rows).output();
            }
            start += block.extent(0);
        }
        return rows;
    }

    GraphValue integer(long value) {
        return graph.constant(Tensor.of(new long[] {value}, new long[0]));
    }
}
