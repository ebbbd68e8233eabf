package io.palispark.job;

import java.io.Serializable;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What {@code palispark decode} does; every key is documented in {@code conf/decode.conf}.
 *
 * @param tileAgreement least overlap, where two tiles see them, of objects that are one
 * @param weights a vae-oid.npz, or {@code standin}
 * @param guard what judges prompts and answers; null for none
 */
public record DecodeConfig(
        Input input,
        AnswerRules rules,
        double tileAgreement,
        String weights,
        GuardSettings guard,
        Output output,
        String canonicalJson)
        implements Serializable {

    /** A setting that switches something off. */
    static final String NONE = "none";

    /**
     * @param path JSON Lines files or folders, or folders with a manifest
     * @param groundTruth a COCO file that knows sizes, ids and categories; null for none
     * @param tokenizer of the model that wrote the texts: a checkpoint folder, {@code standin} or {@code none}
     * @param explicitConvention rules that the user set and that may therefore differ from the input's manifest
     */
    public record Input(
            List<String> path, String groundTruth, String tokenizer, int lineBytes, Set<String> explicitConvention)
            implements Serializable {

        Optional<String> optionalGroundTruth() {
            return Optional.ofNullable(groundTruth);
        }
    }

    /** @param maximumRejectRatio largest share of lines that may be rejected */
    public record Output(
            String path, PredictionForm form, boolean cocoResults, long shardBytes, double maximumRejectRatio)
            implements Serializable {}

    /** Reads the effective configuration; throws a {@link ConfigException} that lists every problem. */
    public static DecodeConfig read(Optional<Path> file, List<String> overrides) {
        Settings settings = Settings.of("decode", file, overrides);
        String groundTruth = settings.text("input.ground-truth");
        Input input = new Input(
                settings.texts("input.path"),
                groundTruth.equals(NONE) ? null : groundTruth,
                settings.text("scores.tokenizer"),
                (int) Math.min(Integer.MAX_VALUE / 2, settings.bytes("limits.line-bytes")),
                Set.copyOf(settings.section("convention").keySet()));
        String weights = settings.text("codec.weights");
        Output output = new Output(
                settings.text("output.path"),
                PredictionForm.read(settings),
                settings.flag("output.coco-results"),
                Math.max(1, settings.bytes("output.shard-bytes")),
                settings.number("gates.max-reject-ratio", 0, 1));
        if (output.cocoResults() && input.groundTruth() == null) {
            settings.problem("output.coco-results", CocoResultFiles.NEEDS_GROUND_TRUTH);
        }
        AnswerRules rules = AnswerRules.read(settings);
        GuardSettings guard = GuardSettings.read(settings).orElse(null);
        double agreement = Tiling.readAgreement(settings);
        settings.throwIfAny();
        return new DecodeConfig(input, rules, agreement, weights, guard, output, settings.canonicalJson());
    }
}
