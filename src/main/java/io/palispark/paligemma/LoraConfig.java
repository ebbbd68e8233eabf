package io.palispark.paligemma;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * {@code adapter_config.json} of PEFT (huggingface/peft: src/peft/tuners/lora/config.py).
 *
 * @param ranks and {@code alphas}: overrides for modules whose name, or its end after a dot, matches; first match counts
 */
record LoraConfig(
        int rank,
        double alpha,
        boolean rankStabilised,
        boolean decomposed,
        Map<Pattern, Double> ranks,
        Map<Pattern, Double> alphas) {

    private static final int LONGEST_PATTERN = 256;

    /** Variants whose merged weights follow another rule. */
    private static final Set<String> UNSUPPORTED = Set.of(
            "fan_in_fan_out",
            "use_bdlora",
            "use_qalora",
            "layer_replication",
            "alora_invocation_tokens",
            "trainable_token_indices",
            "target_parameters",
            "arrow_config",
            "velora_config",
            "monteclora_config",
            "kasa_config");

    static LoraConfig read(Path folder) throws IOException {
        ConfigObject config = ConfigObject.read(folder.resolve("adapter_config.json"));
        String kind = config.text("peft_type").orElse("");
        if (!kind.equals("LORA")) {
            throw config.refusal("peft_type", "is \"" + kind + "\": the adapter kind is not LORA");
        }
        for (String variant : UNSUPPORTED) {
            JsonNode value = config.node().path(variant);
            boolean set = value.isBoolean()
                    ? value.booleanValue()
                    : !value.isMissingNode() && !value.isNull() && !(value.isContainerNode() && value.isEmpty());
            if (set) {
                throw config.refusal(variant, "is " + value + ", which cannot be merged here");
            }
        }
        return new LoraConfig(
                config.size("r", 1 << 16, 8),
                config.number("lora_alpha", 8),
                config.flag("use_rslora", false),
                config.flag("use_dora", false),
                patterns(config, "rank_pattern"),
                patterns(config, "alpha_pattern"));
    }

    /** The factor of the product of the two matrices of a module. */
    double scale(String module) {
        double scaleRank = rank(module);
        return find(alphas, module, alpha) / (rankStabilised ? Math.sqrt(scaleRank) : scaleRank);
    }

    /** Rows of the first matrix of a module. */
    int rank(String module) {
        return (int) find(ranks, module, rank);
    }

    private static double find(Map<Pattern, Double> overrides, String module, double otherwise) {
        return overrides.entrySet().stream()
                .filter(override -> override.getKey().matcher(module).matches())
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(otherwise);
    }

    private static Map<Pattern, Double> patterns(ConfigObject config, String field) throws CheckpointException {
        Map<Pattern, Double> patterns = new LinkedHashMap<>();
        if (!config.has(field)) {
            return patterns;
        }
        ConfigObject overrides = config.object(field);
        for (Map.Entry<String, JsonNode> override : overrides.node().properties()) {
            String key = override.getKey();
            try {
                if (key.length() > LONGEST_PATTERN) {
                    throw overrides.refusal(key, "is a pattern of " + key.length() + " characters");
                }
                patterns.put(Pattern.compile("(?:.*\\.)?(?:" + key + ")"), overrides.number(key, 1));
            } catch (PatternSyntaxException malformed) {
                throw overrides.refusal(key, "is no regular expression");
            }
        }
        return patterns;
    }
}
