package io.palispark.job;

import io.palispark.annotation.AnnotationRecord.RowKind;
import io.palispark.dataset.Ledger;
import io.palispark.spark.CommittedFolder;
import io.palispark.spark.PartReceipt;
import io.palispark.spark.Storage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;

/**
 * An image corpus in, few large committed shards out. The plan follows from the sorted listing alone, so the same corpus
 * gives the same bytes whatever the parallelism; a killed run is continued by the next one.
 */
public final class ShardJob {

    private final JavaSparkContext spark;
    private final Storage storage;
    private final ShardConfig config;
    private final JobSteps steps;

    private ShardJob(SparkSession session, ShardConfig config, JobSteps steps) {
        this.spark = JavaSparkContext.fromSparkContext(session.sparkContext());
        this.storage = Storage.of(session);
        this.config = config;
        this.steps = steps;
    }

    /**
     * Runs the job.
     *
     * @throws DeadlyPictureException when executors end while they read pictures
     * @throws GateException when too much was rejected; rejects are written, nothing is published
     * @throws IOException when the corpus cannot be listed or the output not written
     */
    public static ShardResult run(SparkSession session, ShardConfig config) throws IOException {
        JavaSparkContext spark = JavaSparkContext.fromSparkContext(session.sparkContext());
        try (JobSteps steps = new JobSteps(spark, "shard")) {
            return new ShardJob(session, config, steps).run();
        }
    }

    private ShardResult run() throws IOException {
        steps.begin("List pictures", config.input().images());
        ShardManifest manifest = new ShardManifest(config);
        String run = PrepareManifest.sha256(config.canonicalJson()).substring(0, 16);
        CommittedFolder output = new CommittedFolder(storage, config.output(), run);
        List<ShardPlan> plans = ShardPlan.of(new ImageListing(storage, config.input()).pictures(), config.size());
        if (plans.isEmpty()) {
            throw new IOException("Cannot shard " + config.input().images()
                    + ": no picture was found; look at input.images and input.extensions");
        }
        try (OutputClaim claim = OutputClaim.take(storage, output, "shard")) {
            return DeadlyPictureException.named(
                    spark, output, () -> publish(manifest, claim, plans, write(plans, output)));
        }
    }

    private List<PartReceipt> write(List<ShardPlan> plans, CommittedFolder output) {
        steps.begin("Write image shards", config.output());
        List<PartReceipt> receipts = new ArrayList<>(spark.parallelize(plans, plans.size())
                .map(new ShardPart(config, storage, output))
                .collect());
        receipts.sort(Comparator.comparingInt(PartReceipt::part));
        return receipts;
    }

    private ShardResult publish(
            ShardManifest manifest, OutputClaim claim, List<ShardPlan> plans, List<PartReceipt> receipts)
            throws IOException {
        CommittedFolder output = claim.output();
        steps.begin("Publish", output.root());
        Ledger ledger = new Ledger();
        for (PartReceipt receipt : receipts) {
            ledger.merge(receipt.tallies(), receipt.reasons());
            output.copyIntoPlace(receipt.rejects());
        }
        check(ledger);
        int shards = 0;
        for (PartReceipt receipt : receipts) {
            output.moveIntoPlace(receipt.data());
            shards += receipt.data().isEmpty() ? 0 : 1;
        }
        manifest.parts(plans, receipts, ledger);
        String fingerprint = manifest.fingerprint();
        claim.publish(manifest.finish(fingerprint, steps.runBlock()), List.of());
        return new ShardResult(output.root() + "/manifest.json", fingerprint, shards, ledger);
    }

    private void check(Ledger ledger) {
        if (!ledger.losses().isEmpty()) {
            throw new IllegalStateException("Cannot publish the shards: pictures were lost: " + ledger.losses());
        }
        double ratio = ledger.of(RowKind.IMAGE).defectRatio();
        if (ratio > config.maximumRejectRatio()) {
            throw new GateException(
                    "Cannot publish the shards: %.1f %% of all pictures were rejected and gates.max-reject-ratio is %s; the reasons are in %s/rejects"
                            .formatted(100 * ratio, config.maximumRejectRatio(), config.output()),
                    ledger);
        }
    }
}
