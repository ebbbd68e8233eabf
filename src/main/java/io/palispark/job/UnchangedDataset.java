package io.palispark.job;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.palispark.spark.CommittedFolder;
import io.palispark.spark.PartReceipt;
import io.palispark.spark.ShardFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.api.java.JavaSparkContext;

/** Finds out, without reading annotations or pictures, that the published dataset is what a run would make. */
final class UnchangedDataset {

    /** Field of the manifest's run block: the pictures as they were listed. */
    static final String PICTURES = "pictures";

    private final JavaSparkContext spark;
    private final CommittedFolder output;
    private final ObjectMapper json = new ObjectMapper();

    UnchangedDataset(JavaSparkContext spark, CommittedFolder output) {
        this.spark = spark;
        this.output = output;
    }

    /**
     * The published result when settings, annotations and pictures are those it was made from and none of its files was
     * touched since.
     *
     * @param manifest of the run that asks, without parts
     * @param parts how many it would make
     * @param pictures version of the pictures it would read
     */
    Optional<PrepareResult> find(PrepareManifest manifest, int parts, String pictures) throws IOException {
        Optional<byte[]> bytes = output.manifest();
        if (bytes.isEmpty()) {
            return Optional.empty();
        }
        JsonNode published = json.readTree(bytes.get());
        if (!published.path("run").path(PICTURES).asText().equals(pictures)) {
            return Optional.empty();
        }
        Optional<List<PartReceipt>> receipts = receipts(parts);
        if (receipts.isEmpty()) {
            return Optional.empty();
        }
        PreparedTotals totals = PreparedTotals.of(receipts.get());
        PrepareManifest same = manifest.copy();
        same.parts(receipts.get(), totals);
        same.measured(published);
        String fingerprint = same.fingerprint();
        if (!published.path("fingerprint").asText().equals(fingerprint) || !isIntact(receipts.get(), published)) {
            return Optional.empty();
        }
        return Optional.of(new PrepareResult(
                output.root() + "/manifest.json", fingerprint, totals.ledger(), totals.statistics(), 0));
    }

    private Optional<List<PartReceipt>> receipts(int parts) throws IOException {
        List<PartReceipt> receipts = new ArrayList<>();
        for (int part = 0; part < parts; part++) {
            Optional<PartReceipt> receipt = output.receiptInPlace(part, json);
            if (receipt.isEmpty()) {
                return Optional.empty();
            }
            receipts.add(receipt.get());
        }
        return Optional.of(receipts);
    }

    private boolean isIntact(List<PartReceipt> receipts, JsonNode published) {
        List<ShardFile> files = new ArrayList<>();
        for (PartReceipt receipt : receipts) {
            files.addAll(receipt.files());
            files.addAll(receipt.pictures());
        }
        files.add(ShardFile.of(published.path(PrepareManifest.HAND_OFF)));
        files.addAll(PublishedFolder.named(published));
        CommittedFolder folder = output;
        return spark.parallelize(files).filter(file -> !folder.holds(file)).isEmpty();
    }
}
