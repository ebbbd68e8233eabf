package io.palispark.job;

import io.palispark.annotation.AnnotationRecord.ObjectRow;
import io.palispark.annotation.AnnotationRecord.RowKind;
import io.palispark.dataset.Ledger;
import io.palispark.dataset.PromptPlan;
import io.palispark.dataset.SplitPlan;
import io.palispark.spark.AnnotationParts;
import io.palispark.spark.CommittedFolder;
import io.palispark.spark.ImageSource;
import io.palispark.spark.PartReceipt;
import io.palispark.spark.ShardFile;
import io.palispark.spark.Storage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;

/**
 * Annotations and images in, split fine-tuning rows out, as one committed dataset. The same input and configuration give
 * the same bytes whatever the parallelism; a killed run is continued by the next one.
 */
public final class PrepareJob {

    private final JavaSparkContext spark;
    private final Storage storage;
    private final PrepareConfig config;
    private final JobSteps steps;
    private final ImageSource images;

    private PrepareJob(SparkSession session, PrepareConfig config, JobSteps steps) throws IOException {
        this.spark = JavaSparkContext.fromSparkContext(session.sparkContext());
        this.storage = Storage.of(session);
        this.config = config;
        this.steps = steps;
        this.images = ImageSource.open(
                storage, config.input().images(), config.limits().images());
    }

    /**
     * Runs the job.
     *
     * @throws GateException when too much was rejected; rejects are written, nothing is published
     * @throws IOException when the input cannot be listed or the output not written
     */
    public static PrepareResult run(SparkSession session, PrepareConfig config) throws IOException {
        JavaSparkContext spark = JavaSparkContext.fromSparkContext(session.sparkContext());
        try (JobSteps steps = new JobSteps(spark, "prepare")) {
            return new PrepareJob(session, config, steps).run();
        }
    }

    private PrepareResult run() throws IOException {
        AnnotationInputs inputs = AnnotationInputs.list(
                spark,
                storage,
                config.input().annotations(),
                config.input().statedFormat(),
                this::pictureNames,
                config.limits().reading());
        PrepareManifest manifest = new PrepareManifest(config, inputs);
        CommittedFolder output = new CommittedFolder(storage, config.output().path(), runName(manifest.fingerprint()));
        steps.begin("Read annotations", inputs.source());
        AnnotationParts parts = AnnotationParts.of(
                inputs.records(spark), inputs.parts(config.output().shardBytes()));
        PromptPlan prompts = vocabulary(parts);
        SplitPlan splits = splits(parts);
        List<PartReceipt> receipts = encode(inputs, parts, prompts, splits, output);
        return publish(manifest, output, receipts);
    }

    private List<String> pictureNames() {
        try {
            return images.names();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(
                    "Cannot list the pictures at " + images.root() + ": " + unreadable.getMessage(), unreadable);
        }
    }

    private PromptPlan vocabulary(AnnotationParts parts) {
        if (!config.prompts().needsVocabulary()) {
            return config.prompts();
        }
        steps.begin("List classes", "labels of all objects");
        List<String> kept = config.keptLabels();
        List<String> labels = new ArrayList<>(parts.records()
                .filter(row -> row instanceof ObjectRow object && !object.crowd())
                .map(row -> ((ObjectRow) row).label())
                .filter(label -> kept.isEmpty() || kept.contains(label))
                .distinct()
                .collect());
        labels.sort(Comparator.naturalOrder());
        return config.prompts().withVocabulary(labels);
    }

    private SplitPlan splits(AnnotationParts parts) {
        SplitPlan plan = config.splitting().plan();
        if (!config.splitting().nearDuplicates()) {
            return plan;
        }
        steps.begin("Find near-duplicate pictures", config.input().images());
        return plan.withClusters(DuplicatePictures.representatives(
                spark,
                parts,
                images,
                plan,
                config.splitting().nearDuplicateDistance(),
                config.splitting().crops()));
    }

    private List<PartReceipt> encode(
            AnnotationInputs inputs,
            AnnotationParts parts,
            PromptPlan prompts,
            SplitPlan splits,
            CommittedFolder output) {
        steps.begin("Encode objects and write rows", config.output().path());
        List<PartReceipt> receipts =
                new ArrayList<>(parts.map(new PreparePart(config, prompts, splits, images, output, inputs.source()))
                        .collect());
        receipts.sort(Comparator.comparingInt(PartReceipt::part));
        return receipts;
    }

    private PrepareResult publish(PrepareManifest manifest, CommittedFolder output, List<PartReceipt> receipts)
            throws IOException {
        steps.begin("Publish", output.root());
        Ledger ledger = new Ledger();
        Map<String, TreeMap<String, Long>> statistics = new TreeMap<>();
        for (PartReceipt receipt : receipts) {
            ledger.merge(receipt.tallies(), receipt.reasons());
            receipt.statistics()
                    .forEach((split, counts) -> counts.forEach((name, count) -> statistics
                            .computeIfAbsent(split, absent -> new TreeMap<>())
                            .merge(name, count, Long::sum)));
            output.copyIntoPlace(receipt.rejects());
        }
        checkSums(ledger);
        checkGate(ledger);
        for (PartReceipt receipt : receipts) {
            output.moveIntoPlace(receipt.data());
        }
        if (config.output().singleFile()) {
            writeSingleFiles(output, receipts);
        }
        manifest.parts(receipts, ledger, statistics);
        String fingerprint = manifest.fingerprint();
        PrepareResult result = new PrepareResult(output.root() + "/manifest.json", fingerprint, ledger, statistics);
        new PrepareReport(config, storage, images).write(receipts, result);
        output.publish(manifest.finish(fingerprint, steps.runBlock()));
        return result;
    }

    private static void writeSingleFiles(CommittedFolder output, List<PartReceipt> receipts) throws IOException {
        for (SplitPlan.Split split : SplitPlan.Split.values()) {
            List<ShardFile> shards = receipts.stream()
                    .flatMap(receipt -> receipt.data().stream())
                    .filter(file -> file.path().startsWith("data/" + split.text() + "-")
                            && !file.path().endsWith(".meta.jsonl"))
                    .toList();
            output.concatenate(shards, split.text() + ".jsonl");
        }
    }

    private static void checkSums(Ledger ledger) {
        if (!ledger.losses().isEmpty()) {
            throw new IllegalStateException("Cannot publish the dataset: records were lost: " + ledger.losses());
        }
    }

    private void checkGate(Ledger ledger) {
        for (RowKind kind : RowKind.values()) {
            double ratio = ledger.of(kind).defectRatio();
            if (ratio > config.maximumRejectRatio()) {
                throw new GateException(
                        "Cannot publish the dataset: %.1f %% of all %s records were rejected, most of them as %s, and gates.max-reject-ratio is %s; all are in %s/rejects"
                                .formatted(
                                        100 * ratio,
                                        Settings.spelling(kind),
                                        commonestDefect(ledger, kind),
                                        config.maximumRejectRatio(),
                                        config.output().path()),
                        ledger);
            }
        }
    }

    private static String commonestDefect(Ledger ledger, RowKind kind) {
        return ledger.reasons().stream()
                .filter(reason -> reason.kind() == kind && reason.outcome().isReject())
                .max(Comparator.comparingLong(Ledger.ReasonCount::count))
                .map(reason -> reason.reason().code())
                .orElse("unknown");
    }

    private static String runName(String fingerprint) {
        return fingerprint.substring(0, 16);
    }
}
