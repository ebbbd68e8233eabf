package io.palispark.tensor;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * An ONNX graph put together in the JVM, node by node, in an order in which every value exists before it is used:
 *
 * <pre>{@code
 * OnnxGraph graph = new OnnxGraph("example");
 * GraphValue pixels = graph.input("pixels", ElementType.FLOAT32, OnnxGraph.ANY, 3, 224, 224);
 * GraphValue kernel = graph.weight("kernel", weights.tensor("conv.weight"));
 * GraphValue features = graph.node("Conv", pixels, kernel).integers("strides", 14, 14).output();
 * graph.output("features", features, ElementType.FLOAT32, OnnxGraph.ANY, 1152, 16, 16);
 * }</pre>
 *
 * <p>Large weights stay outside the model: the session gets them as buffers, so mapped files are never serialised. Not
 * safe for concurrent use; a graph is built once and opened as an {@link InferenceSession}.
 */
public final class OnnxGraph {

    /** An extent that is known only when the graph runs. */
    public static final long ANY = -1;

    /** The operator set of the default domain that all nodes follow. */
    public static final int OPERATOR_SET = 21;

    private static final int INTERMEDIATE_VERSION = 10;

    /** From here on a weight is handed over as a buffer. Shapes and axes must stay inside, shape inference reads them. */
    private static final int EXTERNAL_BYTES = 1024;

    private final String name;
    private final GraphProto.Builder graph = GraphProto.newBuilder();
    private final Map<String, Tensor> external = new LinkedHashMap<>();
    private final Map<String, Tensor> lent = new LinkedHashMap<>();
    private final Set<String> domains = new LinkedHashSet<>();
    private final Set<String> names = new HashSet<>();
    private int generated;

    /** @param name of the graph; generated names start with it, so a body needs another name than its outer graph */
    public OnnxGraph(String name) {
        this.name = name;
        graph.setName(name);
    }

    public String name() {
        return name;
    }

    /** Declares an input; extents may be {@link #ANY}. */
    public GraphValue input(String inputName, ElementType type, long... shape) {
        graph.addInput(valueInfo(inputName, type, shape));
        return named(inputName);
    }

    /** Declares a value as output under a name of its own; extents may be {@link #ANY}. */
    public void output(String outputName, GraphValue value, ElementType type, long... shape) {
        GraphValue declared = named(outputName);
        add(NodeProto.newBuilder().setOpType("Identity").addInput(value.name()).addOutput(declared.name()));
        graph.addOutput(valueInfo(outputName, type, shape));
    }

    /** Adds weights under a name; the tensor's bytes must stay as they are for as long as a session is open. */
    public GraphValue weight(String weightName, Tensor tensor) {
        GraphValue value = named(weightName);
        TensorProto.Builder initializer = TensorProto.newBuilder()
                .setName(weightName)
                .setDataType(tensor.type().onnxCode());
        for (long extent : tensor.shape()) {
            initializer.addDims(extent);
        }
        if (tensor.buffer().remaining() < EXTERNAL_BYTES) {
            initializer.setRawData(ByteString.copyFrom(tensor.buffer()));
        } else {
            initializer.setDataLocation(TensorProto.DataLocation.EXTERNAL);
            initializer.addExternalData(
                    StringStringEntryProto.newBuilder().setKey("location").setValue(weightName));
            external.put(weightName, tensor);
        }
        graph.addInitializer(initializer);
        return value;
    }

    /**
     * Adds weights that are handed over at every call instead of once: the session takes no memory for them when it is
     * loaded. Where another type is wanted, they are converted for the node that takes them and forgotten after it.
     */
    public GraphValue lentWeight(String weightName, Tensor tensor, ElementType wanted) {
        lent.put(weightName, tensor);
        GraphValue weights = input(weightName, tensor.type(), tensor.shape());
        if (tensor.type() == wanted) {
            return weights;
        }
        GraphValue converted = freshValue("Cast");
        NodeProto.Builder cast = new GraphNode(this, NodeProto.newBuilder().setOpType("Cast"))
                .type("to", wanted)
                .proto()
                .addInput(weights.name())
                .addOutput(converted.name())
                .setName(name + "/lent" + lent.size());
        // ONNX Runtime goes from the outputs back to the nodes that stand last first: a conversion that stands first
        // comes
        // just before the node that needs it, and its memory serves the next one
        graph.addNode(0, cast);
        return converted;
    }

    /** Adds a constant that needs no name, such as axes or a factor. */
    public GraphValue constant(Tensor tensor) {
        return weight(freshName("constant"), tensor);
    }

    /** The 1-dimensional int64 constant that shape operators take. */
    public GraphValue integers(long... values) {
        return constant(Tensor.of(values, values.length));
    }

    /** Begins a node; {@link GraphValue#ABSENT} leaves an optional input out. */
    public GraphNode node(String operator, GraphValue... inputs) {
        NodeProto.Builder node = NodeProto.newBuilder().setOpType(operator);
        for (GraphValue input : inputs) {
            node.addInput(input.name());
        }
        return new GraphNode(this, node);
    }

    /** The serialised model, without the weights that {@link #externalWeights()} holds. */
    public byte[] model() {
        ModelProto.Builder model = ModelProto.newBuilder()
                .setIrVersion(INTERMEDIATE_VERSION)
                .setProducerName("palispark")
                .setGraph(graph)
                .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("").setVersion(OPERATOR_SET));
        for (String domain : domains) {
            model.addOpsetImport(
                    OperatorSetIdProto.newBuilder().setDomain(domain).setVersion(1));
        }
        return model.build().toByteArray();
    }

    /** Weights that are given to the session as buffers, by name. */
    public Map<String, Tensor> externalWeights() {
        return Collections.unmodifiableMap(external);
    }

    /** Weights that are inputs of every call, by name. */
    public Map<String, Tensor> lentWeights() {
        return Collections.unmodifiableMap(lent);
    }

    GraphProto proto() {
        return graph.build();
    }

    void adopt(OnnxGraph body) {
        external.putAll(body.external);
        domains.addAll(body.domains);
    }

    void importDomain(String domain) {
        domains.add(domain);
    }

    void add(NodeProto.Builder node) {
        graph.addNode(node.setName(name + "/node" + graph.getNodeCount()));
    }

    GraphValue freshValue(String operator) {
        return named(freshName(operator));
    }

    private String freshName(String kind) {
        return name + "/" + kind + generated++;
    }

    private GraphValue named(String value) {
        if (value.isEmpty() || !names.add(value)) {
            throw new IllegalArgumentException("Cannot add \"" + value + "\" to graph " + name + ": names are unique");
        }
        return new GraphValue(value);
    }

    private static ValueInfoProto valueInfo(String name, ElementType type, long... shape) {
        TensorShapeProto.Builder dimensions = TensorShapeProto.newBuilder();
        for (long extent : shape) {
            TensorShapeProto.Dimension.Builder dimension = TensorShapeProto.Dimension.newBuilder();
            dimensions.addDim(extent == ANY ? dimension : dimension.setDimValue(extent));
        }
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(TypeProto.newBuilder()
                        .setTensorType(TypeProto.Tensor.newBuilder()
                                .setElemType(type.onnxCode())
                                .setShape(dimensions)))
                .build();
    }
}
