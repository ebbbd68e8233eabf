package io.palispark.job;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.palispark.annotation.CocoCatalog;
import io.palispark.dataset.Ledger;
import io.palispark.paligemma.Checkpoint;
import io.palispark.paligemma.LanguageModel;
import io.palispark.spark.ByImage;
import io.palispark.spark.CommittedFolder;
import io.palispark.spark.ImageSource;
import io.palispark.spark.PartReceipt;
import io.palispark.spark.Storage;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import scala.Tuple2;

/**
 * Pictures and prompts in, one prediction line each out, as one committed folder. The same input, checkpoint and
 * configuration give the same lines whatever the parallelism; a killed run is continued by the next one.
 */
public final class GenerateJob {

    private final JavaSparkContext spark;
    private final Storage storage;
    private final GenerateConfig config;
    private final JobSteps steps;

    private GenerateJob(SparkSession session, GenerateConfig config, JobSteps steps) {
        this.spark = JavaSparkContext.fromSparkContext(session.sparkContext());
        this.storage = Storage.of(session);
        this.config = config;
        this.steps = steps;
    }

    /**
     * Runs the job.
     *
     * @throws DeadlyPictureException when executors end while they read pictures
     * @throws GateException when too many requests failed; nothing is published
     * @throws IOException when input or checkpoint cannot be read or the output not written
     */
    public static GenerateResult run(SparkSession session, GenerateConfig config) throws IOException {
        JavaSparkContext spark = JavaSparkContext.fromSparkContext(session.sparkContext());
        DevicePlacement.check(config.model(), spark.getConf());
        try (JobSteps steps = new JobSteps(spark, "generate")) {
            return new GenerateJob(session, config, steps).run();
        }
    }

    private GenerateResult run() throws IOException {
        PredictionManifest manifest = new PredictionManifest(
                "generate",
                config.canonicalJson(),
                config.answers().convention(),
                PrepareTools.weights(config.codec()));
        describeModel(manifest.section("model"));
        CommittedFolder output = new CommittedFolder(storage, config.output().path(), manifest.runName());
        steps.begin("Read requests", config.input().images());
        JavaRDD<GenerateRequest> requests = new GenerateRequests(spark, storage, config.input()).read();
        long rows = requests.count();
        if (rows == 0) {
            throw new IOException("Cannot generate: " + config.input().images()
                    + " has no picture, or input.rows no row; look at input.extensions and input.splits");
        }
        try (OutputClaim claim = OutputClaim.take(storage, output, "generate")) {
            return DeadlyPictureException.named(spark, output, () -> generate(requests, parts(rows), manifest, claim));
        }
    }

    private GenerateResult generate(
            JavaRDD<GenerateRequest> requests, int parts, PredictionManifest manifest, OutputClaim claim)
            throws IOException {
        CommittedFolder output = claim.output();
        Instant started = Instant.now();
        List<PartReceipt> receipts = answer(requests, parts, output);
        double seconds = Duration.between(started, Instant.now()).toMillis() / 1000.0;
        steps.begin("Publish", output.root());
        TreeMap<String, Long> counts = PredictionManifest.counts(receipts);
        checkGate(counts);
        Optional<CocoCatalog> asked = config.output().cocoResults()
                ? Optional.of(CocoResultFiles.catalog(storage, config.input().groundTruth()))
                : Optional.empty();
        String fingerprint = manifest.publish(steps, claim, receipts, CocoResultFiles.staged(storage, asked));
        return new GenerateResult(
                output.root() + "/manifest.json",
                fingerprint,
                counts,
                seconds,
                asked.isPresent() ? CocoResultFiles.paths(output.root()) : List.of());
    }

    private void describeModel(ObjectNode node) throws IOException {
        Path folder = ModelSlot.folder(config.model());
        try (Checkpoint checkpoint = Checkpoint.open(folder)) {
            node.put(
                    "name",
                    config.model().isStandIn()
                            ? PrepareConfig.STAND_IN
                            : folder.getFileName().toString());
            node.put("stand_in", config.model().isStandIn());
            node.put("fingerprint", CheckpointFacts.fingerprint(folder));
            if (config.model().adapterFolder().isPresent()) {
                node.put(
                        "adapter_fingerprint",
                        CheckpointFacts.fingerprint(
                                config.model().adapterFolder().get()));
            }
            node.put(
                    "steps",
                    LanguageModel.stepEngine(
                            checkpoint, config.model().settings(config.model().device(0))));
            CheckpointFacts.put(node, checkpoint);
        }
    }

    private int parts(long rows) {
        long parts = (rows + config.output().partRows() - 1) / config.output().partRows();
        return Math.toIntExact(parts);
    }

    private List<PartReceipt> answer(JavaRDD<GenerateRequest> requests, int parts, CommittedFolder output)
            throws IOException {
        steps.begin("Generate", config.output().path());
        ImageSource images = ImageSource.open(storage, config.input().images(), config.limits());
        List<PartReceipt> receipts = new ArrayList<>(requests.mapToPair(request -> new Tuple2<>(request, true))
                .repartitionAndSortWithinPartitions(new ByImage(parts))
                .mapPartitionsWithIndex(new GeneratePart(config, images, output), true)
                .collect());
        receipts.sort(Comparator.comparingInt(PartReceipt::part));
        return receipts;
    }

    private void checkGate(TreeMap<String, Long> counts) {
        long failed = counts.getOrDefault("failed", 0L) + counts.getOrDefault("rejected", 0L);
        long all = counts.getOrDefault("rows", 0L) + counts.getOrDefault("rejected", 0L);
        double ratio = (double) failed / all;
        if (ratio > config.maximumRejectRatio()) {
            throw new GateException(
                    "Cannot publish the predictions: %.1f %% of all requests failed and gates.max-reject-ratio is %s: %s"
                            .formatted(100 * ratio, config.maximumRejectRatio(), counts),
                    new Ledger());
        }
    }
}
