package io.palispark.job;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.palispark.spark.CommittedFolder;
import io.palispark.spark.PartReceipt;
import io.palispark.spark.PredictionsDataSource;
import io.palispark.spark.RunGauges;
import io.palispark.spark.ShardFile;
import io.palispark.token.Convention;
import io.palispark.vqvae.MaskCodecWeights;
import java.io.IOException;
import java.util.List;
import java.util.TreeMap;

/**
 * The manifest of a predictions folder, written by {@code generate} and {@code decode} alike. Everything outside its
 * {@code run} block is the same for the same input.
 */
public final class PredictionManifest {

    /** What the manifest of such a folder says it is. */
    public static final String KIND = PredictionsDataSource.KIND;

    /** Lists of the manifest, named after their folders, for files that hold no lines of JSON. */
    static final List<String> BESIDE_SHARDS = List.of(PredictionForm.PARQUET_FOLDER, PredictionForm.MASK_FOLDER);

    private static final String SHARDS = "shards";
    private static final int FORMAT_VERSION = 1;

    private final ObjectMapper json = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
    private final ObjectNode root = json.createObjectNode();

    /**
     * @param job the command's name
     * @param canonicalJson the effective configuration
     * @param weights of the mask codec
     */
    public PredictionManifest(String job, String canonicalJson, Convention convention, MaskCodecWeights weights)
            throws IOException {
        String version = PredictionManifest.class.getPackage().getImplementationVersion();
        root.put("format_version", FORMAT_VERSION).put("kind", KIND).put("job", job);
        root.putObject("tool").put("name", "palispark").put("version", version == null ? "unpackaged" : version);
        root.set("config", json.readTree(canonicalJson));
        root.put("config_sha256", PrepareManifest.sha256(canonicalJson));
        root.putPOJO("convention", new TreeMap<>(convention.toMap()));
        root.putObject("weights")
                .put("name", weights.name())
                .put("sha256", weights.sha256())
                .put("stand_in", weights.isStandIn());
    }

    /** A further block, such as the model's or the input's, to be filled before {@link #publish}. */
    public ObjectNode section(String name) {
        return root.putObject(name);
    }

    /** A short name of the work, the same for the same blocks: what staged parts are found again by. */
    public String runName() {
        return PrepareManifest.sha256(root.toString()).substring(0, 16);
    }

    /** Sums of the parts' counts by name. */
    public static TreeMap<String, Long> counts(List<PartReceipt> receipts) {
        TreeMap<String, Long> counts = new TreeMap<>();
        for (PartReceipt receipt : receipts) {
            receipt.statistics()
                    .getOrDefault(PredictionPart.STATISTICS, new TreeMap<>())
                    .forEach((name, count) -> counts.merge(name, count, Long::sum));
        }
        return counts;
    }

    /** Files beside the shards, whose lines are in place. */
    @FunctionalInterface
    interface Results {
        List<ShardFile> stage(CommittedFolder output, ObjectNode manifest) throws IOException;
    }

    /**
     * Moves the staged parts into place and makes them the predictions.
     *
     * @param receipts in the order of their parts
     * @param results stages what is made of all predictions
     * @return the manifest's fingerprint
     */
    String publish(JobSteps steps, OutputClaim claim, List<PartReceipt> receipts, Results results) throws IOException {
        CommittedFolder output = claim.output();
        root.putArray(SHARDS);
        ArrayNode rejects = root.putArray("rejects");
        for (PartReceipt receipt : receipts) {
            output.moveIntoPlace(receipt.data());
            output.moveIntoPlace(receipt.rejects());
            receipt.data().forEach(file -> root.withArray(list(file)).add(file.description()));
            receipt.rejects().forEach(file -> rejects.add(file.description()));
        }
        TreeMap<String, Long> counts = counts(receipts);
        root.set("counts", json.valueToTree(counts));
        String fingerprint = PrepareManifest.sha256(root.toString());
        root.put("fingerprint", fingerprint);
        List<ShardFile> named = results.stage(output, root);
        ObjectNode run = steps.runBlock();
        PublishedFolder.name(run, named);
        root.set("run", run);
        claim.publish(json.writeValueAsBytes(root), named);
        RunGauges.ofProcess().publish(WatchedCounts.ofPredictions(counts));
        return fingerprint;
    }

    /** Which list of the manifest names a file. */
    private static String list(ShardFile file) {
        return BESIDE_SHARDS.stream()
                .filter(folder -> file.path().startsWith(folder + "/"))
                .findFirst()
                .orElse(SHARDS);
    }
}
