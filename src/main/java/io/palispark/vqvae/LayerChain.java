package io.palispark.vqvae;

import io.palispark.tensor.GraphValue;
import io.palispark.tensor.NpzFile;
import io.palispark.tensor.OnnxGraph;
import io.palispark.tensor.Tensor;
import io.palispark.tensor.TensorFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The layers of the encoder or the decoder, read off the keys of a PyTorch {@code Sequential}: {@code encoder.4.weight}
 * is a convolution, {@code encoder.8.net.0.weight} begins a residual block, and a number left out between two layers is
 * a ReLU.
 */
final class LayerChain {

    private static final Pattern KEY = Pattern.compile("(\\d{1,3})\\.(?:net\\.(\\d{1,3})\\.)?weight");

    /** A step of the chain: one plain convolution, or a block whose result is added to its input. */
    private record Layer(List<Convolution> convolutions, boolean residual) {}

    private final String file;
    private final List<Layer> layers = new ArrayList<>();

    private LayerChain(String file) {
        this.file = file;
    }

    /**
     * Reads and checks a chain: each layer must take what the one before gives.
     *
     * @param prefix {@code "encoder."} or {@code "decoder."}
     * @param growing whether even kernels are transposed convolutions
     */
    static LayerChain read(NpzFile weights, String prefix, boolean growing) throws TensorFileException {
        TreeMap<Integer, TreeMap<Integer, String>> keys = keys(weights, prefix);
        LayerChain chain = new LayerChain(weights.name());
        for (var layer : keys.entrySet()) {
            boolean plain = layer.getValue().containsKey(-1);
            if (plain && layer.getValue().size() > 1) {
                throw new TensorFileException(
                        weights.name(), prefix + layer.getKey() + " is both a convolution and a residual block");
            }
            List<Convolution> convolutions = new ArrayList<>();
            for (var convolution : layer.getValue().entrySet()) {
                boolean rectified = plain ? isGap(keys, layer.getKey()) : isGap(layer.getValue(), convolution.getKey());
                convolutions.add(convolution(weights, convolution.getValue(), growing, rectified));
            }
            chain.layers.add(new Layer(convolutions, !plain));
        }
        if (chain.layers.isEmpty()) {
            throw new TensorFileException(weights.name(), "it has no " + prefix + "*.weight, so it is no mask codec");
        }
        chain.check();
        return chain;
    }

    long inputs() {
        return layers.get(0).convolutions().get(0).inputs();
    }

    long outputs() {
        return last(layers.get(layers.size() - 1)).outputs();
    }

    /** How often the side is halved or doubled. */
    int resizings() {
        return (int) layers.stream()
                .flatMap(layer -> layer.convolutions().stream())
                .filter(Convolution::resizes)
                .count();
    }

    /** Whether the first layer looks at one position alone. */
    boolean beginsPointwise() {
        return !layers.get(0).residual() && layers.get(0).convolutions().get(0).kernel() == 1;
    }

    GraphValue appendFirst(OnnxGraph graph, GraphValue input) {
        return append(graph, input, layers.subList(0, 1));
    }

    GraphValue appendRest(OnnxGraph graph, GraphValue input) {
        return append(graph, input, layers.subList(1, layers.size()));
    }

    private static GraphValue append(OnnxGraph graph, GraphValue input, List<Layer> layers) {
        GraphValue value = input;
        for (Layer layer : layers) {
            GraphValue before = value;
            for (Convolution convolution : layer.convolutions()) {
                value = convolution.append(graph, value);
            }
            if (layer.residual()) {
                value = graph.node("Add", value, before).output();
            }
        }
        return value;
    }

    /** Key of each convolution by layer and place in its block; a plain convolution has place -1. */
    private static TreeMap<Integer, TreeMap<Integer, String>> keys(NpzFile weights, String prefix) {
        TreeMap<Integer, TreeMap<Integer, String>> keys = new TreeMap<>();
        for (String key : weights.tensors().keySet()) {
            if (key.startsWith(prefix)) {
                Matcher matcher = KEY.matcher(key.substring(prefix.length()));
                if (matcher.matches()) {
                    int place = matcher.group(2) == null ? -1 : Integer.parseInt(matcher.group(2));
                    keys.computeIfAbsent(Integer.parseInt(matcher.group(1)), layer -> new TreeMap<>())
                            .put(place, key.substring(0, key.length() - ".weight".length()));
                }
            }
        }
        return keys;
    }

    private static boolean isGap(TreeMap<Integer, ?> numbered, int number) {
        return number != numbered.lastKey() && !numbered.containsKey(number + 1);
    }

    private static Convolution convolution(NpzFile weights, String name, boolean growing, boolean rectified)
            throws TensorFileException {
        Tensor weight = weights.tensor(name + ".weight");
        if (weight.rank() != 4 || weight.count() == 0 || weight.extent(2) != weight.extent(3)) {
            throw new TensorFileException(
                    weights.name(), name + ".weight has shape " + weight + ", not (out, in, k, k)");
        }
        Convolution convolution = new Convolution(
                name,
                MaskCodecWeights.float32(weight),
                MaskCodecWeights.float32(weights.tensor(name + ".bias")),
                growing && weight.extent(2) % 2 == 0,
                rectified);
        if (!convolution.bias().hasShape(convolution.outputs())) {
            throw new TensorFileException(
                    weights.name(), name + ".bias has shape " + convolution.bias() + " beside a weight of " + weight);
        }
        return convolution;
    }

    private void check() throws TensorFileException {
        long channels = inputs();
        for (Layer layer : layers) {
            long before = channels;
            for (Convolution convolution : layer.convolutions()) {
                if (convolution.inputs() != channels) {
                    throw new TensorFileException(
                            file,
                            convolution.name() + " takes " + convolution.inputs() + " channels and is given "
                                    + channels);
                }
                channels = convolution.outputs();
            }
            if (layer.residual() && channels != before) {
                throw new TensorFileException(
                        file, last(layer).name() + " gives " + channels + " channels to add to " + before);
            }
        }
    }

    private static Convolution last(Layer layer) {
        return layer.convolutions().get(layer.convolutions().size() - 1);
    }
}
