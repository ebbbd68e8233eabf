package io.palispark.job;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.palispark.annotation.AnnotationRecord.RowKind;
import io.palispark.dataset.Ledger;
import io.palispark.dataset.StableHash;
import io.palispark.spark.PartReceipt;
import io.palispark.spark.ShardFile;
import io.palispark.vqvae.MaskCodecWeights;
import java.io.IOException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The manifest of a prepared dataset. Everything outside its {@code run} block is the same for the same input. */
final class PrepareManifest {

    static final String KIND = "prepared";
    static final String GUARDRAILS = "guardrails";
    static final String HAND_OFF = "handoff";
    private static final String LABELS = "labels";
    private static final String SOURCES = "sources";

    static final int FORMAT_VERSION = 2;

    private final ObjectMapper json = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
    private final ObjectNode root;
    private final String settings;

    PrepareManifest(PrepareConfig config, Mixture mixture, List<AnnotationInputs> inputs) throws IOException {
        root = json.createObjectNode();
        root.put("format_version", FORMAT_VERSION);
        root.put("kind", KIND);
        ObjectNode tool = root.putObject("tool");
        String version = PrepareManifest.class.getPackage().getImplementationVersion();
        tool.put("name", "palispark").put("version", version == null ? "unpackaged" : version);
        root.set("config", json.readTree(config.canonicalJson()));
        root.put("config_sha256", sha256(config.canonicalJson()));
        root.putPOJO("convention", new TreeMap<>(config.convention().toMap()));
        if (config.tiles().writesPictures()) {
            root.put("images", ViewPictures.FOLDER);
        }
        ObjectNode prompts = root.putObject("prompts");
        new TreeMap<>(config.prompts().templates().texts())
                .forEach((task, template) -> prompts.put(Settings.spelling(task), template.text()));
        MaskCodecWeights weights = PrepareTools.weights(config.codec());
        root.putObject("weights")
                .put("name", weights.name())
                .put("sha256", weights.sha256())
                .put("stand_in", weights.isStandIn());
        root.putObject("tokenizer")
                .put("name", config.budget().tokenizer())
                .put("stand_in", config.budget().tokenizer().equals(PrepareConfig.STAND_IN));
        config.labels()
                .map()
                .names()
                .forEach((label, name) ->
                        root.withArray(LABELS).addObject().put("label", label).put("becomes", name));
        settings = sha256(root.toString());
        ArrayNode files = root.putArray("input");
        for (MixtureSource source : mixture.sources()) {
            for (AnnotationInputs.Input file : inputs.get(source.number()).files()) {
                ObjectNode node = files.addObject().put("name", file.name());
                if (mixture.isNamed()) {
                    node.put("source", source.settings().name());
                }
                node.put("files", file.files()).put("bytes", file.bytes()).put("sha256", file.sha256());
            }
        }
        if (mixture.isNamed()) {
            SourceAccounts.describe(mixture, root.put("images", mixture.root()).putArray(SOURCES));
        }
    }

    private PrepareManifest(ObjectNode root, String settings) {
        this.root = root;
        this.settings = settings;
    }

    PrepareManifest copy() {
        return new PrepareManifest(root.deepCopy(), settings);
    }

    /** Hash of everything that rows depend on beside annotations and pictures. */
    String settings() {
        return settings;
    }

    void parts(List<PartReceipt> receipts, PreparedTotals totals) {
        Ledger ledger = totals.ledger();
        ArrayNode shards = root.putArray("shards");
        ArrayNode rejects = root.putArray("rejects");
        for (PartReceipt receipt : receipts) {
            receipt.data().forEach(file -> shards.add(file.description()));
            receipt.rejects().forEach(file -> rejects.add(file.description()));
        }
        ObjectNode counts = root.putObject("counts");
        for (RowKind kind : RowKind.values()) {
            Ledger.Tally tally = ledger.of(kind);
            if (tally.input() > 0) {
                counts.putObject(Settings.spelling(kind))
                        .put("input", tally.input())
                        .put("written", tally.written())
                        .put("rejected", tally.rejected())
                        .put("rejected_by_policy", tally.rejectedByPolicy());
            }
        }
        ArrayNode reasons = root.putArray("reasons");
        for (Ledger.ReasonCount reason : ledger.reasons()) {
            reasons.addObject()
                    .put("record", Settings.spelling(reason.kind()))
                    .put("reason", reason.reason().code())
                    .put("outcome", Settings.spelling(reason.outcome()))
                    .put("count", reason.count());
        }
        root.putPOJO("splits", totals.statistics());
        SourceAccounts.count(totals, root.path(SOURCES));
        Map<String, Long> mapped = new RowCounts(totals.statistics()).mappedLabels();
        for (JsonNode label : root.path(LABELS)) {
            ((ObjectNode) label)
                    .put("objects", mapped.getOrDefault(label.get("label").asText(), 0L));
        }
    }

    /** What was measured of the parts, and the file that a trainer reads. */
    void measured(ObjectNode guardrails, ShardFile handOff) {
        root.set(GUARDRAILS, guardrails);
        root.set(HAND_OFF, handOff.description());
    }

    /** Takes over what an earlier run measured of the same parts. */
    void measured(JsonNode published) {
        for (String block : List.of(GUARDRAILS, HAND_OFF)) {
            if (published.has(block)) {
                root.set(block, published.get(block));
            }
        }
    }

    /** Hash of the manifest as it stands, before {@link #run} adds what differs from run to run. */
    String fingerprint() throws IOException {
        root.remove("fingerprint");
        return sha256(root.toString());
    }

    byte[] finish(String fingerprint, ObjectNode run) throws IOException {
        root.put("fingerprint", fingerprint);
        root.set("run", run);
        return json.writeValueAsBytes(root);
    }

    static String sha256(String text) {
        return HexFormat.of()
                .formatHex(StableHash.sha256().digest(text.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
    }
}
