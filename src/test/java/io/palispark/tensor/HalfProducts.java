package io.palispark.tensor;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Graphs with products in 16 bits, for the processor, where ONNX Runtime has no such products: both sides of each are
 * widened, multiplied in float32, and the result is rounded. That is what an accelerator does but for the order of sums.
 * A graph that uses values of 16 bits for anything but products, table look-ups and casts is refused.
 */
public final class HalfProducts {

    private static final Set<ElementType> HALVES = Set.of(ElementType.FLOAT16, ElementType.BFLOAT16);

    private final OnnxGraph copy;
    private GraphValue first = GraphValue.ABSENT;
    private final Map<String, ElementType> halves = new HashMap<>();

    private HalfProducts(String name) {
        this.copy = new OnnxGraph(name + "/widened");
    }

    /** The same network over the same weights. */
    public static OnnxGraph widened(OnnxGraph graph) {
        return new HalfProducts(graph.name()).copy(graph);
    }

    /** In which type each matrix of a graph lies on the device once it is loaded, by name. */
    public static Map<String, ElementType> matrices(OnnxGraph graph) {
        Map<String, ElementType> types = new HashMap<>();
        for (TensorProto weight : graph.proto().getInitializerList()) {
            if (weight.getDimsCount() == 2) {
                types.put(weight.getName(), type(weight.getDataType()));
            }
        }
        for (NodeProto node : graph.proto().getNodeList()) {
            if (node.getOpType().equals("Cast") && types.containsKey(node.getInput(0))) {
                types.put(node.getInput(0), type(node.getAttribute(0).getI()));
            }
        }
        return types;
    }

    private OnnxGraph copy(OnnxGraph graph) {
        Set<String> outputs = new HashSet<>();
        graph.proto().getOutputList().forEach(output -> outputs.add(output.getName()));
        graph.proto().getInputList().forEach(input -> copy.input(input.getName(), type(input), extents(input)));
        graph.proto().getInitializerList().forEach(weight -> addWeight(weight, graph));
        Map<String, String> results = new HashMap<>();
        for (NodeProto node : graph.proto().getNodeList()) {
            if (outputs.contains(node.getOutput(0))) {
                results.put(node.getOutput(0), node.getInput(0));
            } else {
                add(node);
            }
        }
        for (ValueInfoProto output : graph.proto().getOutputList()) {
            copy.output(output.getName(), new GraphValue(results.get(output.getName())), type(output), extents(output));
        }
        return copy;
    }

    private void addWeight(TensorProto weight, OnnxGraph graph) {
        ElementType type = type(weight.getDataType());
        long[] extents =
                weight.getDimsList().stream().mapToLong(Long::longValue).toArray();
        Tensor tensor = graph.externalWeights().get(weight.getName());
        copy.weight(
                weight.getName(),
                tensor != null ? tensor : Tensor.over(type, weight.getRawData().asReadOnlyByteBuffer(), extents));
        if (HALVES.contains(type)) {
            halves.put(weight.getName(), type);
        }
    }

    private void add(NodeProto node) {
        rewritten(node).forEach(copy::add);
    }

    private List<NodeProto.Builder> rewritten(NodeProto node) {
        if (!node.getDomain().isEmpty()) {
            copy.importDomain(node.getDomain());
        }
        List<ElementType> types = node.getInputList().stream()
                .filter(halves::containsKey)
                .map(halves::get)
                .distinct()
                .toList();
        if (node.getOpType().equals("Cast")) {
            ElementType to = type(node.getAttribute(0).getI());
            return HALVES.contains(to) ? giving(node, to) : List.of(node.toBuilder());
        }
        if (types.isEmpty()) {
            return List.of(withBodies(node));
        }
        return switch (node.getOpType()) {
            case "Gather" -> giving(node, types.get(0));
            case "Gemm" -> product(node, types.get(0));
            default -> throw new AssertionError(node.getOpType() + " computes in " + types + ": " + node);
        };
    }

    private List<NodeProto.Builder> giving(NodeProto node, ElementType half) {
        halves.put(node.getOutput(0), half);
        return List.of(node.toBuilder());
    }

    private NodeProto.Builder withBodies(NodeProto node) {
        NodeProto.Builder outer = node.toBuilder();
        for (AttributeProto.Builder attribute : outer.getAttributeBuilderList()) {
            if (attribute.hasG()) {
                GraphProto.Builder body = attribute.getG().toBuilder().clearNode();
                body.getInitializerList().forEach(this::refuseHalf);
                attribute.getG().getNodeList().stream()
                        .flatMap(inner -> rewritten(inner).stream())
                        .forEach(body::addNode);
                attribute.setG(body);
            }
        }
        return outer;
    }

    /** A weight in a body would lie on the device a second time. */
    private void refuseHalf(TensorProto weight) {
        if (HALVES.contains(type(weight.getDataType()))) {
            throw new AssertionError(weight.getName() + " is a weight of a body");
        }
    }

    private List<NodeProto.Builder> product(NodeProto node, ElementType half) {
        if (node.getInputList().subList(0, 2).stream().anyMatch(side -> halves.get(side) != half)
                || !node.getInput(2).isEmpty()) {
            throw new AssertionError("A product of mixed types: " + node);
        }
        List<NodeProto.Builder> nodes = new ArrayList<>();
        NodeProto.Builder product = node.toBuilder().setName("");
        for (int i = 0; i < 2; i++) {
            String apart = added(nodes, unsqueeze(node.getInput(i)));
            product.setInput(i, added(nodes, squeeze(added(nodes, cast(apart, ElementType.FLOAT32)))));
        }
        String sums = added(nodes, product.clearOutput());
        String rounded = added(nodes, unsqueeze(added(nodes, cast(sums, half))));
        nodes.add(squeeze(rounded).addOutput(node.getOutput(0)));
        halves.put(node.getOutput(0), half);
        return nodes;
    }

    private String added(List<NodeProto.Builder> nodes, NodeProto.Builder node) {
        String output = copy.freshValue(node.getOpType()).name();
        nodes.add(node.addOutput(output));
        return output;
    }

    /** Stands between two casts, which ONNX Runtime takes for nothing when they are side by side. */
    private NodeProto.Builder unsqueeze(String value) {
        return NodeProto.newBuilder().setOpType("Unsqueeze").addInput(value).addInput(first());
    }

    private NodeProto.Builder squeeze(String value) {
        return NodeProto.newBuilder().setOpType("Squeeze").addInput(value).addInput(first());
    }

    private String first() {
        if (first == GraphValue.ABSENT) {
            first = copy.integers(0);
        }
        return first.name();
    }

    private static NodeProto.Builder cast(String value, ElementType to) {
        return NodeProto.newBuilder()
                .setOpType("Cast")
                .addInput(value)
                .addAttribute(AttributeProto.newBuilder()
                        .setName("to")
                        .setType(AttributeProto.AttributeType.INT)
                        .setI(to.onnxCode()));
    }

    private static ElementType type(ValueInfoProto value) {
        return type(value.getType().getTensorType().getElemType());
    }

    private static ElementType type(long onnxCode) {
        return Arrays.stream(ElementType.values())
                .filter(type -> type.onnxCode() == onnxCode)
                .findFirst()
                .orElseThrow();
    }

    private static long[] extents(ValueInfoProto value) {
        return value.getType().getTensorType().getShape().getDimList().stream()
                .mapToLong(HalfProducts::extent)
                .toArray();
    }

    private static long extent(TensorShapeProto.Dimension dimension) {
        return dimension.hasDimValue() ? dimension.getDimValue() : OnnxGraph.ANY;
    }
}
