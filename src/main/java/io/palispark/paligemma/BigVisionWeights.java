package io.palispark.paligemma;

import io.palispark.tensor.ElementType;
import io.palispark.tensor.NpzFile;
import io.palispark.tensor.ScratchMemory;
import io.palispark.tensor.Tensor;
import io.palispark.tensor.TensorFileException;
import io.palispark.tensor.TensorLayout;
import io.palispark.tensor.WeightSource;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A big_vision archive seen through canonical names (big_vision: big_vision/models/proj/paligemma). Layers are stacked
 * on the first axis there, and linear kernels lie as [in, out].
 */
final class BigVisionWeights implements WeightSource {

    private static final String ROOT = "params/";
    private static final String TABLE = ROOT + "llm/embedder/input_embedding";

    private final NpzFile file;
    private final Map<String, List<Long>> shapes;
    private final Map<String, View> views = new LinkedHashMap<>();

    /**
     * Where a tensor lies.
     *
     * @param path indices along the outermost axes
     * @param order permutation of the axes that are left, before they are reshaped
     */
    private record View(String key, int[] path, int[] order) {}

    /** @param config of the model the archive holds; its vocabulary is replaced by the archive's */
    BigVisionWeights(NpzFile file, CheckpointConfig config) throws TensorFileException {
        this.file = file;
        TextConfig text = config.text();
        this.shapes = TensorPlan.of(config).shapes();
        addVision(config.vision().layers());
        add("multi_modal_projector.linear.weight", "img/head/kernel", 1, 0);
        add("multi_modal_projector.linear.bias", "img/head/bias", 0);
        views.put(TensorName.EMBEDDING, new View(TABLE, new int[0], new int[] {0, 1}));
        for (int i = 0; i < text.layers(); i++) {
            addTextLayer(TensorName.textLayer(i), i, text.family() == GemmaFamily.GEMMA2);
        }
        add("language_model.norm.weight", "llm/final_norm/scale", 0);
        for (View view : views.values()) {
            file.tensor(view.key);
        }
    }

    /** Rows of the archive's embedding table: it has neither placeholder nor padding rows. */
    static int vocabulary(NpzFile file) throws TensorFileException {
        return Math.toIntExact(file.tensor(TABLE).extent(0));
    }

    private void addVision(int layers) {
        add("vision_tower.embeddings.patch_embedding.weight", "img/embedding/kernel", 3, 2, 0, 1);
        add("vision_tower.embeddings.patch_embedding.bias", "img/embedding/bias", 0);
        add("vision_tower.embeddings.position_embedding.weight", "img/pos_embedding", 0, 1, 2);
        add("vision_tower.post_layernorm.weight", "img/Transformer/encoder_norm/scale", 0);
        add("vision_tower.post_layernorm.bias", "img/Transformer/encoder_norm/bias", 0);
        for (int i = 0; i < layers; i++) {
            addVisionLayer(TensorName.visionLayer(i), i);
        }
    }

    private void addVisionLayer(String layer, int index) {
        String block = "img/Transformer/encoderblock/";
        int[] path = {index};
        for (int norm = 0; norm < 2; norm++) {
            add(layer + "layer_norm" + (norm + 1) + ".weight", block + "LayerNorm_" + norm + "/scale", path, 0);
            add(layer + "layer_norm" + (norm + 1) + ".bias", block + "LayerNorm_" + norm + "/bias", path, 0);
            String dense = block + "MlpBlock_0/Dense_" + norm;
            add(layer + "mlp.fc" + (norm + 1) + ".weight", dense + "/kernel", path, 1, 0);
            add(layer + "mlp.fc" + (norm + 1) + ".bias", dense + "/bias", path, 0);
        }
        String attention = block + "MultiHeadDotProductAttention_0/";
        for (String part : List.of("query", "key", "value")) {
            String projection = layer + "self_attn." + part.charAt(0) + "_proj";
            add(projection + ".weight", attention + part + "/kernel", path, 1, 2, 0);
            add(projection + ".bias", attention + part + "/bias", path, 0, 1);
        }
        add(layer + "self_attn.out_proj.weight", attention + "out/kernel", path, 2, 0, 1);
        add(layer + "self_attn.out_proj.bias", attention + "out/bias", path, 0);
    }

    private void addTextLayer(String layer, int index, boolean fourNorms) {
        String attention = "llm/layers/attn/";
        int[] path = {index};
        if (file.has(ROOT + attention + "qkv_einsum/w")) {
            List<String> parts = List.of("q_proj", "k_proj", "v_proj");
            for (int part = 0; part < 3; part++) {
                String name = layer + "self_attn." + parts.get(part) + ".weight";
                add(name, attention + "qkv_einsum/w", new int[] {index, part}, 0, 2, 1);
            }
        } else {
            add(layer + "self_attn.q_proj.weight", attention + "q_einsum/w", path, 0, 2, 1);
            add(layer + "self_attn.k_proj.weight", attention + "kv_einsum/w", new int[] {index, 0}, 0, 2, 1);
            add(layer + "self_attn.v_proj.weight", attention + "kv_einsum/w", new int[] {index, 1}, 0, 2, 1);
        }
        add(layer + "self_attn.o_proj.weight", attention + "attn_vec_einsum/w", path, 2, 0, 1);
        add(layer + "mlp.gate_proj.weight", "llm/layers/mlp/gating_einsum", new int[] {index, 0}, 1, 0);
        add(layer + "mlp.up_proj.weight", "llm/layers/mlp/gating_einsum", new int[] {index, 1}, 1, 0);
        add(layer + "mlp.down_proj.weight", "llm/layers/mlp/linear", path, 1, 0);
        add(layer + "input_layernorm.weight", "llm/layers/pre_attention_norm/scale", path, 0);
        String beforeFeedForward = fourNorms ? "pre_feedforward_layernorm" : "post_attention_layernorm";
        add(layer + beforeFeedForward + ".weight", "llm/layers/pre_ffw_norm/scale", path, 0);
        if (fourNorms) {
            add(layer + "post_attention_layernorm.weight", "llm/layers/post_attention_norm/scale", path, 0);
            add(layer + "post_feedforward_layernorm.weight", "llm/layers/post_ffw_norm/scale", path, 0);
        }
    }

    private void add(String name, String key, int... order) {
        add(name, key, new int[0], order);
    }

    private void add(String name, String key, int[] path, int... order) {
        views.put(name, new View(ROOT + key, path, order));
    }

    @Override
    public Set<String> names() {
        return views.keySet();
    }

    @Override
    public TensorLayout layout(String name) {
        return new TensorLayout(stored(name).type(), shapes.get(name));
    }

    @Override
    public Tensor tensor(String name) throws IOException {
        View view = views.get(name);
        Tensor stored = stored(name);
        if (stored.rank() != view.path.length + view.order.length) {
            throw new CheckpointException(file.name(), view.key + " has the shape " + Arrays.toString(stored.shape()));
        }
        return permuted(name, stored, view);
    }

    @Override
    public List<Tensor> rowBlocks(String name, long blockBytes) throws IOException {
        return List.of(tensor(name));
    }

    private Tensor stored(String name) {
        return file.tensors().get(views.get(name).key);
    }

    /** Copies a slice with its axes in another order. */
    private Tensor permuted(String name, Tensor stored, View view) throws IOException {
        long[] strides = new long[stored.rank()];
        long stride = 1;
        for (int axis = stored.rank() - 1; axis >= 0; axis--) {
            strides[axis] = stride;
            stride *= stored.extent(axis);
        }
        long start = 0;
        for (int axis = 0; axis < view.path.length; axis++) {
            if (view.path[axis] >= stored.extent(axis)) {
                throw new CheckpointException(
                        file.name(), view.key + " has " + stored.extent(axis) + " entries, one too few");
            }
            start += view.path[axis] * strides[axis];
        }
        int rank = view.order.length;
        long[] extents = new long[rank];
        long[] steps = new long[rank];
        for (int axis = 0; axis < rank; axis++) {
            extents[axis] = stored.extent(view.path.length + view.order[axis]);
            steps[axis] = strides[view.path.length + view.order[axis]];
        }
        Tensor target = ScratchMemory.allocate(stored.type(), extents);
        copy(stored, target, start, extents, steps);
        List<Long> shape = shapes.get(name);
        if (target.count() != new TensorLayout(stored.type(), shape).count()) {
            throw new CheckpointException(
                    file.name(), view.key + " has the shape " + Arrays.toString(stored.shape()) + ", no " + shape);
        }
        return target.reshaped(shape.stream().mapToLong(Long::longValue).toArray());
    }

    private static void copy(Tensor source, Tensor target, long start, long[] extents, long[] steps) {
        ElementType type = source.type();
        java.nio.ByteBuffer from = source.buffer();
        java.nio.ByteBuffer to = target.buffer();
        long[] index = new long[extents.length];
        long at = start;
        for (long left = target.count(); left > 0; left--) {
            int place = Math.toIntExact(at * type.bytes());
            if (type.bytes() == 2) {
                to.putShort(from.getShort(place));
            } else {
                to.putInt(from.getInt(place));
            }
            int axis = extents.length - 1;
            at += steps[axis];
            while (++index[axis] == extents[axis] && axis > 0) {
                at -= steps[axis] * extents[axis];
                index[axis] = 0;
                at += steps[--axis];
            }
        }
    }
}
