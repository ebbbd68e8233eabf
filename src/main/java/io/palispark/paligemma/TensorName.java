package io.palispark.paligemma;

import java.util.List;

/** The many names that transformers releases, trainers and PEFT give one tensor, and the one that is used here. */
final class TensorName {

    static final String EMBEDDING = "language_model.embed_tokens.weight";
    static final String HEAD = "lm_head.weight";

    private static final String PEFT = "base_model.model.";
    private static final String MODEL = "model.";
    private static final List<String> PARTS =
            List.of("language_model.", "vision_tower.", "multi_modal_projector.", "lm_head.");

    private TensorName() {}

    /** The name without prefixes of wrappers: {@code language_model.layers.0…}, {@code vision_tower.encoder…}. */
    static String canonical(String name) {
        String bare = name.startsWith(PEFT) ? name.substring(PEFT.length()) : name;
        if (bare.startsWith(MODEL) && PARTS.stream().anyMatch(bare.substring(MODEL.length())::startsWith)) {
            bare = bare.substring(MODEL.length());
        }
        return replaceStart(
                replaceStart(
                        replaceStart(bare, "language_model.model.", "language_model."),
                        "language_model.lm_head.",
                        "lm_head."),
                "vision_tower.vision_model.",
                "vision_tower.");
    }

    private static String replaceStart(String name, String start, String replacement) {
        return name.startsWith(start) ? replacement + name.substring(start.length()) : name;
    }

    /** The start of the names of a text layer, counted from 0. */
    static String textLayer(int layer) {
        return "language_model.layers." + layer + ".";
    }

    /** The start of the names of a vision layer, counted from 0. */
    static String visionLayer(int layer) {
        return "vision_tower.encoder.layers." + layer + ".";
    }
}
