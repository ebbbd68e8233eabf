package io.palispark.job;

import com.fasterxml.jackson.databind.node.ArrayNode;
import io.palispark.annotation.CocoCatalog;
import io.palispark.dataset.Ledger;
import io.palispark.spark.ByImage;
import io.palispark.spark.CommittedFolder;
import io.palispark.spark.PartReceipt;
import io.palispark.spark.SharedCodecs;
import io.palispark.spark.Storage;
import io.palispark.spark.TextLines;
import io.palispark.vqvae.MaskCodecWeights;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import scala.Tuple2;

/**
 * Stored model text in, a predictions folder out. Every line ends as one prediction, as a tile of one, or as
 * one reject. The same input and
 * configuration give the same bytes whatever the parallelism.
 */
public final class DecodeJob {

    private static final int MOST_PARTS = 100_000;

    private final JavaSparkContext spark;
    private final Storage storage;
    private final DecodeConfig config;
    private final JobSteps steps;

    private DecodeJob(SparkSession session, DecodeConfig config, JobSteps steps) {
        this.spark = JavaSparkContext.fromSparkContext(session.sparkContext());
        this.storage = Storage.of(session);
        this.config = config;
        this.steps = steps;
    }

    /**
     * Runs the job.
     *
     * @throws ConfigException when the input's manifest contradicts the settings
     * @throws GateException when too many lines were rejected; nothing is published
     * @throws IOException when the input cannot be read or the output not written
     */
    public static DecodeResult run(SparkSession session, DecodeConfig config) throws IOException {
        JavaSparkContext spark = JavaSparkContext.fromSparkContext(session.sparkContext());
        try (JobSteps steps = new JobSteps(spark, "decode")) {
            return new DecodeJob(session, config, steps).run();
        }
    }

    private DecodeResult run() throws IOException {
        MaskCodecWeights weights = SharedCodecs.weights(config.weights());
        List<Storage.Listed> files = new DecodeInputs(storage, config, weights).list();
        PredictionManifest manifest = new PredictionManifest(
                "decode", config.canonicalJson(), config.rules().convention(), weights);
        ArrayNode inputs = manifest.section("input").putArray("files");
        for (Storage.Listed file : files) {
            inputs.addObject()
                    .put("name", lastPart(file.path()))
                    .put("bytes", file.bytes())
                    .put("sha256", storage.sha256(file.path()));
        }
        Optional<CocoCatalog> catalog = catalog();
        CommittedFolder output = new CommittedFolder(storage, config.output().path(), manifest.runName());
        try (OutputClaim claim = OutputClaim.take(storage, output, "decode")) {
            return decode(files, catalog, manifest, claim);
        }
    }

    private DecodeResult decode(
            List<Storage.Listed> files, Optional<CocoCatalog> catalog, PredictionManifest manifest, OutputClaim claim)
            throws IOException {
        CommittedFolder output = claim.output();
        List<PartReceipt> receipts =
                decode(files, catalog.map(RecognisedImages::of).orElse(RecognisedImages.NONE), output);
        check(PredictionManifest.counts(receipts), output, receipts);
        steps.begin("Publish", output.root());
        Optional<CocoCatalog> asked = config.output().cocoResults() ? catalog : Optional.empty();
        String fingerprint = manifest.publish(steps, claim, receipts, CocoResultFiles.staged(storage, asked));
        return new DecodeResult(
                output.root() + "/manifest.json",
                fingerprint,
                PredictionManifest.counts(receipts),
                asked.isPresent() ? CocoResultFiles.paths(output.root()) : List.of());
    }

    private Optional<CocoCatalog> catalog() throws IOException {
        Optional<String> path = config.input().optionalGroundTruth();
        return path.isEmpty() ? Optional.empty() : Optional.of(CocoResultFiles.catalog(storage, path.get()));
    }

    private List<PartReceipt> decode(List<Storage.Listed> files, RecognisedImages images, CommittedFolder output) {
        steps.begin("Decode", String.join(", ", config.input().path()));
        long bytes = files.stream().mapToLong(Storage.Listed::bytes).sum();
        long shardBytes = config.output().shardBytes();
        int parts = (int) Math.max(1, Math.min(MOST_PARTS, (bytes + shardBytes - 1) / shardBytes));
        List<String> names = files.stream().map(file -> lastPart(file.path())).toList();
        Broadcast<RecognisedImages> known = spark.broadcast(images);
        List<PartReceipt> receipts = new ArrayList<>(
                TextLines.read(spark, storage, files, config.input().lineBytes())
                        .mapToPair(line -> new Tuple2<>(RequestKey.of(line), line.text()))
                        .repartitionAndSortWithinPartitions(new ByImage(parts))
                        .mapPartitionsWithIndex(new DecodePart(config, output, known, names), true)
                        .collect());
        receipts.sort(Comparator.comparingInt(PartReceipt::part));
        return receipts;
    }

    private void check(TreeMap<String, Long> counts, CommittedFolder output, List<PartReceipt> receipts)
            throws IOException {
        long input = counts.getOrDefault("input", 0L);
        long rejected = counts.getOrDefault("rejected", 0L);
        long joined = counts.getOrDefault("tiles joined", 0L);
        if (input != counts.getOrDefault("rows", 0L) + joined + rejected) {
            throw new IllegalStateException("Cannot publish the predictions: lines were lost: " + counts);
        }
        double ratio = input == 0 ? 0 : (double) rejected / input;
        if (ratio > config.output().maximumRejectRatio()) {
            for (PartReceipt receipt : receipts) {
                output.copyIntoPlace(receipt.rejects());
            }
            throw new GateException(
                    "Cannot publish the predictions: %.1f %% of all lines were rejected and gates.max-reject-ratio is %s; the reasons are in %s/rejects"
                            .formatted(100 * ratio, config.output().maximumRejectRatio(), output.root()),
                    new Ledger());
        }
    }

    private static String lastPart(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }
}
