package io.palispark.vqvae;

import io.palispark.tensor.GraphValue;
import io.palispark.tensor.OnnxGraph;
import io.palispark.tensor.Tensor;

/**
 * One convolution as the weights file has it. The kernel says the rest: even kernels halve or double the side, odd ones
 * keep it.
 *
 * @param name the key without {@code .weight}
 * @param weight (out, in, k, k), or (in, out, k, k) when transposed
 * @param bias (out)
 * @param transposed whether an even kernel doubles the side instead of halving it
 * @param rectified whether a ReLU follows
 */
record Convolution(String name, Tensor weight, Tensor bias, boolean transposed, boolean rectified) {

    long inputs() {
        return weight.extent(transposed ? 0 : 1);
    }

    long outputs() {
        return weight.extent(transposed ? 1 : 0);
    }

    long kernel() {
        return weight.extent(2);
    }

    boolean resizes() {
        return kernel() % 2 == 0;
    }

    /** Appends this convolution to a graph; {@code input} is (n, in, h, w). */
    GraphValue append(OnnxGraph graph, GraphValue input) {
        long stride = resizes() ? 2 : 1;
        long padding = (kernel() - stride) / 2;
        GraphValue result = graph.node(
                        transposed ? "ConvTranspose" : "Conv",
                        input,
                        graph.weight(name + ".weight", weight),
                        graph.weight(name + ".bias", bias))
                .integers("kernel_shape", kernel(), kernel())
                .integers("strides", stride, stride)
                .integers("pads", padding, padding, padding, padding)
                .output();
        return rectified ? graph.node("Relu", result).output() : result;
    }
}
