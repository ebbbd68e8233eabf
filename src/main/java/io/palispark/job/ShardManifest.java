package io.palispark.job;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.palispark.annotation.AnnotationRecord.RowKind;
import io.palispark.dataset.Ledger;
import io.palispark.spark.ImageShards;
import io.palispark.spark.PartReceipt;
import java.io.IOException;
import java.util.List;

/** The manifest of image shards. Everything outside its {@code run} block is the same for the same input. */
final class ShardManifest {

    private static final int FORMAT_VERSION = 1;

    private final ObjectMapper json = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
    private final ObjectNode root = json.createObjectNode();

    ShardManifest(ShardConfig config) throws IOException {
        String version = ShardManifest.class.getPackage().getImplementationVersion();
        root.put("format_version", FORMAT_VERSION)
                .put("kind", ImageShards.KIND)
                .put("format", config.format().name());
        root.putObject("tool").put("name", "palispark").put("version", version == null ? "unpackaged" : version);
        root.set("config", json.readTree(config.canonicalJson()));
        root.put("config_sha256", PrepareManifest.sha256(config.canonicalJson()));
    }

    /** @param receipts one a plan, in the order of the plans */
    void parts(List<ShardPlan> plans, List<PartReceipt> receipts, Ledger ledger) {
        ArrayNode shards = root.putArray("shards");
        ArrayNode rejects = root.putArray("rejects");
        for (int i = 0; i < plans.size(); i++) {
            PartReceipt receipt = receipts.get(i);
            if (!receipt.data().isEmpty()) {
                ObjectNode shard = receipt.data().get(0).description();
                List<String> names = plans.get(i).names();
                shard.put("first", names.get(0)).put("last", names.get(names.size() - 1));
                shard.set("index", receipt.data().get(1).description());
                shards.add(shard);
            }
            receipt.rejects().forEach(file -> rejects.add(file.description()));
        }
        Ledger.Tally tally = ledger.of(RowKind.IMAGE);
        root.putObject("counts")
                .putObject("image")
                .put("input", tally.input())
                .put("written", tally.written())
                .put("rejected", tally.rejected());
        ArrayNode reasons = root.putArray("reasons");
        for (Ledger.ReasonCount reason : ledger.reasons()) {
            reasons.addObject().put("reason", reason.reason().code()).put("count", reason.count());
        }
    }

    /** Hash of the manifest as it stands, before {@link #finish} adds what differs from run to run. */
    String fingerprint() {
        return PrepareManifest.sha256(root.toString());
    }

    byte[] finish(String fingerprint, ObjectNode run) throws IOException {
        root.put("fingerprint", fingerprint);
        root.set("run", run);
        return json.writeValueAsBytes(root);
    }
}
