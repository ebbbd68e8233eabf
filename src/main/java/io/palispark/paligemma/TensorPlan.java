package io.palispark.paligemma;

import io.palispark.tensor.ElementType;
import io.palispark.tensor.TensorLayout;
import io.palispark.tensor.WeightSource;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Every tensor that a configuration asks for, by canonical name, with its extents. Linear weights are [out, in]. */
record TensorPlan(Map<String, List<Long>> shapes) {

    private static final int NAMED = 8;
    private static final Set<ElementType> FLOATING =
            Set.of(ElementType.FLOAT32, ElementType.FLOAT16, ElementType.BFLOAT16);

    static TensorPlan of(CheckpointConfig config) {
        Map<String, List<Long>> shapes = new LinkedHashMap<>();
        addVision(shapes, config.vision());
        addLinear(
                shapes,
                "multi_modal_projector.linear.",
                config.text().width(),
                config.vision().width());
        addText(shapes, config.text());
        return new TensorPlan(shapes);
    }

    private static void addVision(Map<String, List<Long>> shapes, VisionConfig vision) {
        long width = vision.width();
        long patch = vision.patchSize();
        String embeddings = "vision_tower.embeddings.";
        shapes.put(embeddings + "patch_embedding.weight", List.of(width, (long) vision.channels(), patch, patch));
        shapes.put(embeddings + "patch_embedding.bias", List.of(width));
        shapes.put(embeddings + "position_embedding.weight", List.of((long) vision.tokens(), width));
        for (int i = 0; i < vision.layers(); i++) {
            String layer = TensorName.visionLayer(i);
            addNorm(shapes, layer + "layer_norm1.", width);
            addNorm(shapes, layer + "layer_norm2.", width);
            for (String projection : List.of("q_proj.", "k_proj.", "v_proj.", "out_proj.")) {
                addLinear(shapes, layer + "self_attn." + projection, width, width);
            }
            addLinear(shapes, layer + "mlp.fc1.", vision.feedForward(), width);
            addLinear(shapes, layer + "mlp.fc2.", width, vision.feedForward());
        }
        addNorm(shapes, "vision_tower.post_layernorm.", width);
    }

    private static void addText(Map<String, List<Long>> shapes, TextConfig text) {
        long width = text.width();
        long queries = (long) text.heads() * text.headSize();
        long keys = (long) text.keyValueHeads() * text.headSize();
        long inner = text.feedForward();
        shapes.put(TensorName.EMBEDDING, List.of((long) text.vocabulary(), width));
        for (int i = 0; i < text.layers(); i++) {
            String layer = TensorName.textLayer(i);
            shapes.put(layer + "self_attn.q_proj.weight", List.of(queries, width));
            shapes.put(layer + "self_attn.k_proj.weight", List.of(keys, width));
            shapes.put(layer + "self_attn.v_proj.weight", List.of(keys, width));
            shapes.put(layer + "self_attn.o_proj.weight", List.of(width, queries));
            shapes.put(layer + "mlp.gate_proj.weight", List.of(inner, width));
            shapes.put(layer + "mlp.up_proj.weight", List.of(inner, width));
            shapes.put(layer + "mlp.down_proj.weight", List.of(width, inner));
            shapes.put(layer + "input_layernorm.weight", List.of(width));
            shapes.put(layer + "post_attention_layernorm.weight", List.of(width));
            if (text.family() == GemmaFamily.GEMMA2) {
                shapes.put(layer + "pre_feedforward_layernorm.weight", List.of(width));
                shapes.put(layer + "post_feedforward_layernorm.weight", List.of(width));
            }
        }
        shapes.put("language_model.norm.weight", List.of(width));
    }

    private static void addNorm(Map<String, List<Long>> shapes, String name, long width) {
        shapes.put(name + "weight", List.of(width));
        shapes.put(name + "bias", List.of(width));
    }

    private static void addLinear(Map<String, List<Long>> shapes, String name, long out, long in) {
        shapes.put(name + "weight", List.of(out, in));
        shapes.put(name + "bias", List.of(out));
    }

    /** Holds weights against the plan: same names, same extents, floating point; a head of its own is allowed. */
    void check(String source, WeightSource weights) throws CheckpointException {
        Set<String> missing = new TreeSet<>(shapes.keySet());
        missing.removeAll(weights.names());
        Set<String> unexpected = new TreeSet<>(weights.names());
        unexpected.removeAll(shapes.keySet());
        unexpected.remove(TensorName.HEAD);
        if (!missing.isEmpty() || !unexpected.isEmpty()) {
            throw new CheckpointException(
                    source, "missing tensors " + some(missing) + ", unexpected tensors " + some(unexpected));
        }
        for (String name : weights.names()) {
            List<Long> expected = shapes.get(name.equals(TensorName.HEAD) ? TensorName.EMBEDDING : name);
            TensorLayout layout = weights.layout(name);
            if (!layout.shape().equals(expected) || !FLOATING.contains(layout.type())) {
                throw new CheckpointException(
                        source, name + " is " + layout + ", the configuration asks for " + expected);
            }
        }
    }

    private static String some(Set<String> names) {
        String few = Arrays.toString(names.stream().limit(NAMED).toArray());
        return names.size() <= NAMED ? few : few + " and " + (names.size() - NAMED) + " more";
    }
}
