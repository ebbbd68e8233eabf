package io.palispark.paligemma;

import io.palispark.tensor.ElementType;
import io.palispark.tensor.GraphValue;
import io.palispark.tensor.InferenceSession;
import io.palispark.tensor.OnnxGraph;
import io.palispark.tensor.Tensor;
import java.io.IOException;
import java.util.Map;

/**
 * Pictures to image features: SigLIP (big_vision: big_vision/models/vit.py, without pooling head) and the projector into
 * the width of the language model.
 */
public final class VisionTower implements AutoCloseable {

    static final String PIXELS = "pixels";
    static final String FEATURES = "features";

    private final VisionConfig config;
    private final InferenceSession session;

    private VisionTower(VisionConfig config, InferenceSession session) {
        this.config = config;
        this.session = session;
    }

    static VisionTower open(ModelBuild build) throws IOException {
        return new VisionTower(
                build.checkpoint().config().vision(), InferenceSession.open(graph(build), build.device()));
    }

    static OnnxGraph graph(ModelBuild build) throws IOException {
        return new Builder(build).build();
    }

    /**
     * The features of pictures.
     *
     * @param pixels float32 [pictures, 3, side, side], normalised to -1..1
     * @return float32 [pictures * tokens, width of the language model]
     */
    public Tensor features(Tensor pixels) {
        return run(pixels).get(FEATURES);
    }

    Map<String, Tensor> run(Tensor pixels) {
        if (!pixels.hasShape(pixels.extent(0), config.channels(), config.imageSize(), config.imageSize())) {
            throw new IllegalArgumentException("Cannot see " + pixels + ": the checkpoint takes pictures of "
                    + config.channels() + " x " + config.imageSize() + " x " + config.imageSize());
        }
        return session.run(Map.of(PIXELS, pixels));
    }

    @Override
    public void close() {
        session.close();
    }

    private static final class Builder {

        private final ModelGraph graph;
        private final CheckpointConfig config;
        private final VisionConfig vision;

        Builder(ModelBuild build) {
            this.graph = new ModelGraph("vision", build);
            this.config = build.checkpoint().config();
            this.vision = config.vision();
        }

        OnnxGraph build() throws IOException {
            int side = vision.imageSize();
            GraphValue pixels =
                    graph.onnx().input(PIXELS, ElementType.FLOAT32, OnnxGraph.ANY, vision.channels(), side, side);
            GraphValue x = graph.stage("vision.embed", embedding(pixels));
            for (int layer = 0; layer < vision.layers(); layer++) {
                x = graph.stage("vision.block." + layer, block(x, TensorName.visionLayer(layer)));
            }
            x = graph.layerNorm(x, "vision_tower.post_layernorm", vision.epsilon());
            graph.stage("vision.post_norm", x);
            GraphValue features = graph.linear(x, "multi_modal_projector.linear");
            graph.onnx()
                    .output(
                            FEATURES,
                            features,
                            ElementType.FLOAT32,
                            OnnxGraph.ANY,
                            config.text().width());
            return graph.onnx();
        }

        /** The patch convolution as one product over unfolded patches, then the learned positions. */
        private GraphValue embedding(GraphValue pixels) throws IOException {
            int patch = vision.patchSize();
            int across = vision.imageSize() / patch;
            int numbers = vision.channels() * patch * patch;
            GraphValue cut = graph.reshape(pixels, -1, vision.channels(), across, patch, across, patch);
            GraphValue patches = graph.reshape(graph.transpose(cut, 0, 2, 4, 1, 3, 5), -1, numbers);
            String name = "vision_tower.embeddings.patch_embedding";
            Tensor kernel = graph.checkpoint().tensor(name + ".weight").reshaped(vision.width(), numbers);
            GraphValue projected =
                    graph.product(patches, graph.weight(name + ".weight", kernel), graph.weight(name + ".bias"));
            graph.stage("vision.patch", projected);
            GraphValue placed = graph.add(
                    graph.reshape(projected, -1, vision.tokens(), vision.width()),
                    graph.weight("vision_tower.embeddings.position_embedding.weight"));
            return graph.reshape(placed, -1, vision.width());
        }

        private GraphValue block(GraphValue x, String layer) throws IOException {
            GraphValue normed = graph.layerNorm(x, layer + "layer_norm1", vision.epsilon());
            GraphValue attended = graph.add(x, attention(normed, layer + "self_attn."));
            GraphValue inner = graph.layerNorm(attended, layer + "layer_norm2", vision.epsilon());
            GraphValue expanded = graph.gelu(graph.linear(inner, layer + "mlp.fc1"));
            return graph.add(attended, graph.linear(expanded, layer + "mlp.fc2"));
        }

        private GraphValue attention(GraphValue x, String name) throws IOException {
            GraphValue queries = graph.multiply(graph.linear(x, name + "q_proj"), 1 / Math.sqrt(vision.headSize()));
            GraphValue scores = graph.matrixProduct(
                    graph.transpose(heads(queries), 0, 2, 1, 3),
                    graph.transpose(heads(graph.linear(x, name + "k_proj")), 0, 2, 3, 1));
            GraphValue values = graph.transpose(heads(graph.linear(x, name + "v_proj")), 0, 2, 1, 3);
            GraphValue mixed = graph.matrixProduct(graph.softmax(scores), values);
            GraphValue joined = graph.reshape(graph.transpose(mixed, 0, 2, 1, 3), -1, vision.width());
            return graph.linear(joined, name + "out_proj");
        }

        private GraphValue heads(GraphValue x) {
            return graph.reshape(x, -1, vision.tokens(), vision.heads(), vision.headSize());
        }
    }
}
