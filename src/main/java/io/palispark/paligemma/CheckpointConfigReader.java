package io.palispark.paligemma;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * Reads both families in old and new spelling. Defaults are those of the transformers model classes (huggingface/
 * transformers: src/transformers/models/{paligemma,gemma,gemma2,siglip}), because a field equal to its default is not
 * written.
 */
final class CheckpointConfigReader {

    private static final int LARGEST = 1 << 20;
    private static final int MOST_LAYERS = 1 << 10;
    private static final Set<String> TANH_GELU =
            Set.of("gelu", "gelu_pytorch_tanh", "gelu_fast", "gelu_new", "gelu_tanh");
    private static final String SLIDING = "sliding_attention";
    private static final String FULL = "full_attention";

    private CheckpointConfigReader() {}

    static CheckpointConfig read(Path folder) throws IOException {
        Path file = folder.resolve("config.json");
        if (!Files.isRegularFile(file)) {
            throw new FileNotFoundException(
                    "Cannot load checkpoint " + folder + ": it has no config.json; name a Hugging Face model folder");
        }
        ConfigObject root = ConfigObject.read(file);
        Path generation = folder.resolve("generation_config.json");
        return read(root, Files.isRegularFile(generation) ? endIds(ConfigObject.read(generation)) : Set.of());
    }

    private static CheckpointConfig read(ConfigObject root, Set<Integer> generationEnds) throws CheckpointException {
        String type = root.text("model_type").orElse("paligemma");
        if (!type.equals("paligemma")) {
            throw root.refusal("model_type", "is " + type + "; only paligemma checkpoints are read");
        }
        if (root.has("quantization_config")) {
            throw root.refusal(
                    "quantization_config", "asks for a quantised model; give the checkpoint it was made from");
        }
        TextConfig text = text(root.object("text_config"));
        VisionConfig vision = vision(root.object("vision_config"));
        int projection = root.size("projection_dim", LARGEST, text.width());
        if (projection != text.width()) {
            throw root.refusal("projection_dim", "is " + projection + " and the text width " + text.width());
        }
        boolean tied = root.flag("tie_word_embeddings", true)
                && root.object("text_config").flag("tie_word_embeddings", true);
        Set<Integer> ends = generationEnds.isEmpty() ? endIds(root) : generationEnds;
        return new CheckpointConfig(
                text,
                vision,
                root.id("image_token_index", root.id("image_token_id", 257152)),
                root.id("pad_token_id", 0),
                root.id("bos_token_id", 2),
                ends.isEmpty() ? Set.of(1) : ends,
                tied);
    }

    private static TextConfig text(ConfigObject text) throws CheckpointException {
        GemmaFamily family = switch (text.text("model_type").orElse("gemma")) {
            case "gemma" -> GemmaFamily.GEMMA;
            case "gemma2" -> GemmaFamily.GEMMA2;
            default -> throw text.refusal("model_type", "is neither gemma nor gemma2");
        };
        requireGelu(text, "hidden_act");
        requireGelu(text, "hidden_activation");
        if (text.flag("attention_bias", false)) {
            throw text.refusal("attention_bias", "is true; no published PaliGemma has such weights");
        }
        boolean second = family == GemmaFamily.GEMMA2;
        int layers = text.size("num_hidden_layers", MOST_LAYERS, second ? 26 : 18);
        int headSize = text.size("head_dim", LARGEST, 256);
        int heads = text.size("num_attention_heads", LARGEST, 8);
        int keyValueHeads = text.size("num_key_value_heads", LARGEST, second ? 4 : 1);
        if (heads % keyValueHeads != 0) {
            throw text.refusal("num_key_value_heads", keyValueHeads + " does not divide the " + heads + " query heads");
        }
        double scalar = second ? text.number("query_pre_attn_scalar", 256) : headSize;
        return new TextConfig(
                family,
                second ? text.size("hidden_size", LARGEST, 2304) : text.size("hidden_size", LARGEST),
                second ? text.size("intermediate_size", LARGEST, 9216) : text.size("intermediate_size", LARGEST),
                layers,
                heads,
                keyValueHeads,
                headSize,
                text.size("vocab_size", 1 << 24),
                text.number("rms_norm_eps", 1e-6),
                ropeTheta(text),
                1 / Math.sqrt(scalar),
                cap(text, "attn_logit_softcapping", second, 50),
                cap(text, "final_logit_softcapping", second, 30),
                slidingLayers(text, second, layers),
                second ? text.size("sliding_window", Integer.MAX_VALUE, 4096) : 0);
    }

    private static VisionConfig vision(ConfigObject vision) throws CheckpointException {
        String type = vision.text("model_type").orElse("siglip_vision_model");
        if (!type.equals("siglip_vision_model")) {
            throw vision.refusal("model_type", "is " + type + ", not siglip_vision_model");
        }
        requireGelu(vision, "hidden_act");
        VisionConfig config = new VisionConfig(
                vision.size("hidden_size", LARGEST, 768),
                vision.size("intermediate_size", LARGEST, 3072),
                vision.size("num_hidden_layers", MOST_LAYERS, 12),
                vision.size("num_attention_heads", LARGEST, 12),
                vision.size("image_size", 1 << 14, 224),
                vision.size("patch_size", 1 << 14, 16),
                vision.size("num_channels", 3, 3),
                vision.number("layer_norm_eps", 1e-6));
        if (config.imageSize() % config.patchSize() != 0) {
            throw vision.refusal(
                    "image_size", config.imageSize() + " is no multiple of the patch " + config.patchSize());
        }
        if (config.width() % config.heads() != 0) {
            throw vision.refusal("hidden_size", config.width() + " is no multiple of the heads " + config.heads());
        }
        int stated = vision.size("num_image_tokens", Integer.MAX_VALUE, config.tokens());
        if (stated != config.tokens()) {
            throw vision.refusal(
                    "num_image_tokens", "is " + stated + " and the image has " + config.tokens() + " patches");
        }
        return config;
    }

    /** Soft caps are off in the first family, and off where the second says null. */
    private static OptionalDouble cap(ConfigObject text, String field, boolean applies, double absent)
            throws CheckpointException {
        boolean off =
                !applies || (text.node().has(field) && text.node().path(field).isNull());
        return off ? OptionalDouble.empty() : OptionalDouble.of(text.number(field, absent));
    }

    private static double ropeTheta(ConfigObject text) throws CheckpointException {
        if (text.has("rope_scaling")) {
            throw text.refusal("rope_scaling", "is set; PaliGemma has plain rotary positions");
        }
        if (!text.has("rope_parameters")) {
            return text.number("rope_theta", 10_000);
        }
        ConfigObject parameters = text.object("rope_parameters");
        String kind = parameters.text("rope_type").orElse("default");
        if (!kind.equals("default")) {
            throw parameters.refusal("rope_type", "is " + kind + "; PaliGemma has plain rotary positions");
        }
        return parameters.number("rope_theta", 10_000);
    }

    private static List<Boolean> slidingLayers(ConfigObject text, boolean second, int layers)
            throws CheckpointException {
        List<Boolean> sliding = new ArrayList<>();
        if (!second || !text.has("layer_types")) {
            for (int layer = 0; layer < layers; layer++) {
                sliding.add(second && layer % 2 == 0);
            }
            return sliding;
        }
        for (JsonNode type : text.node().path("layer_types")) {
            if (!type.asText().equals(SLIDING) && !type.asText().equals(FULL)) {
                throw text.refusal("layer_types", "has " + type + "; known are " + SLIDING + " and " + FULL);
            }
            sliding.add(type.asText().equals(SLIDING));
        }
        if (sliding.size() != layers) {
            throw text.refusal("layer_types", "names " + sliding.size() + " of " + layers + " layers");
        }
        return sliding;
    }

    /** A file that says plain gelu means the tanh form too: the model classes never used another. */
    private static void requireGelu(ConfigObject object, String field) throws CheckpointException {
        String activation = object.text(field).orElse("gelu_pytorch_tanh");
        if (!TANH_GELU.contains(activation)) {
            throw object.refusal(field, "is " + activation + "; PaliGemma has tanh gelu");
        }
    }

    private static Set<Integer> endIds(ConfigObject object) throws CheckpointException {
        Set<Integer> ids = new HashSet<>();
        JsonNode value = object.node().path("eos_token_id");
        if (value.isArray()) {
            for (JsonNode id : value) {
                ids.add(object.id("eos_token_id", id));
            }
        } else if (object.has("eos_token_id")) {
            ids.add(object.id("eos_token_id", value));
        }
        return ids;
    }
}
