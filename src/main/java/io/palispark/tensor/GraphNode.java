package io.palispark.tensor;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.AttributeProto.AttributeType;
import ai.onnx.proto.OnnxMl.NodeProto;
import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;

/**
 * One operator on its way into an {@link OnnxGraph}: attributes first, then {@link #output()} or {@link #outputs(int)}
 * adds it. Operator and attribute names are those of the ONNX specification.
 */
public final class GraphNode {

    private final OnnxGraph graph;
    private final NodeProto.Builder node;

    GraphNode(OnnxGraph graph, NodeProto.Builder node) {
        this.graph = graph;
        this.node = node;
    }

    public GraphNode integer(String name, long value) {
        return attribute(name, AttributeType.INT, attribute -> attribute.setI(value));
    }

    public GraphNode integers(String name, long... values) {
        return attribute(name, AttributeType.INTS, attribute -> {
            for (long value : values) {
                attribute.addInts(value);
            }
        });
    }

    public GraphNode number(String name, float value) {
        return attribute(name, AttributeType.FLOAT, attribute -> attribute.setF(value));
    }

    public GraphNode text(String name, String value) {
        return attribute(name, AttributeType.STRING, attribute -> attribute.setS(ByteString.copyFromUtf8(value)));
    }

    /** Sets {@code name} to the ONNX code of a type, as {@code Cast} wants it in {@code to}. */
    public GraphNode type(String name, ElementType type) {
        return integer(name, type.onnxCode());
    }

    /** Gives a control-flow node its body. The body may use values of this graph by name. */
    public GraphNode body(String name, OnnxGraph body) {
        graph.adopt(body);
        return attribute(name, AttributeType.GRAPH, attribute -> attribute.setG(body.proto()));
    }

    /** Takes the operator from another domain, such as {@code com.microsoft}, at version 1. */
    public GraphNode domain(String domain) {
        graph.importDomain(domain);
        node.setDomain(domain);
        return this;
    }

    NodeProto.Builder proto() {
        return node;
    }

    /** Adds the node; its single output. */
    public GraphValue output() {
        return outputs(1).get(0);
    }

    /** Adds the node; its first {@code count} outputs in the operator's order. */
    public List<GraphValue> outputs(int count) {
        List<GraphValue> values = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            GraphValue value = graph.freshValue(node.getOpType());
            node.addOutput(value.name());
            values.add(value);
        }
        graph.add(node);
        return values;
    }

    private GraphNode attribute(
            String name, AttributeType type, java.util.function.Consumer<AttributeProto.Builder> filling) {
        AttributeProto.Builder attribute =
                AttributeProto.newBuilder().setName(name).setType(type);
        filling.accept(attribute);
        node.addAttribute(attribute);
        return this;
    }
}
