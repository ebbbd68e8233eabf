package io.palispark.job;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.palispark.annotation.AnnotationRecord.ObjectRow;
import io.palispark.dataset.Ledger;
import io.palispark.dataset.SplitPlan;
import io.palispark.spark.AnnotationParts;
import io.palispark.spark.CommittedFolder;
import io.palispark.spark.ImageSource;
import io.palispark.spark.PartReceipt;
import io.palispark.spark.RunGauges;
import io.palispark.spark.ShardFile;
import io.palispark.spark.Storage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Tuple2;

/**
 * Annotations and images in, split fine-tuning rows out, as one committed dataset. The same input and configuration give
 * the same bytes whatever the parallelism; a killed run is continued by the next one, and what is published already is
 * not made again.
 */
public final class PrepareJob {

    private static final Logger LOG = LoggerFactory.getLogger(PrepareJob.class);

    private final JavaSparkContext spark;
    private final Storage storage;
    private final PrepareConfig config;
    private final JobSteps steps;
    private final List<ImageSource> images;

    private PrepareJob(SparkSession session, PrepareConfig config, JobSteps steps) throws IOException {
        this.spark = JavaSparkContext.fromSparkContext(session.sparkContext());
        this.storage = Storage.of(session);
        this.config = config;
        this.steps = steps;
        List<ImageSource> opened = new ArrayList<>();
        for (PrepareConfig.Source source : config.sources()) {
            opened.add(
                    ImageSource.open(storage, source.images(), config.limits().images()));
        }
        this.images = List.copyOf(opened);
    }

    /**
     * Runs the job.
     *
     * @throws DeadlyPictureException when executors end while they read pictures
     * @throws GateException when too much was rejected; rejects are written, nothing is published
     * @throws IOException when the input cannot be listed or the output not written
     */
    public static PrepareResult run(SparkSession session, PrepareConfig config) throws IOException {
        JavaSparkContext spark = JavaSparkContext.fromSparkContext(session.sparkContext());
        try (JobSteps steps = new JobSteps(spark, "prepare")) {
            PrepareResult result = new PrepareJob(session, config, steps).run();
            RunGauges.ofProcess().publish(WatchedCounts.of(result.ledger(), result.rows()));
            return result;
        }
    }

    private PrepareResult run() throws IOException {
        steps.begin("List annotations and pictures", config.output().path());
        List<AnnotationInputs> inputs = new ArrayList<>();
        StringBuilder pictures = new StringBuilder();
        for (int number = 0; number < images.size(); number++) {
            inputs.add(inputs(config.sources().get(number), images.get(number)));
            pictures.append(number == 0 ? "" : ", ").append(images.get(number).version());
        }
        Mixture opened = Mixture.open(
                storage,
                config,
                images,
                inputs.stream().map(AnnotationInputs::source).toList());
        PrepareManifest manifest = new PrepareManifest(config, opened, inputs);
        CommittedFolder output = new CommittedFolder(storage, config.output().path(), runName(manifest.fingerprint()));
        int partCount = AnnotationInputs.parts(inputs, config.output().shardBytes());
        Optional<PrepareResult> unchanged = unchanged(manifest, output, partCount, pictures.toString());
        if (unchanged.isPresent()) {
            return unchanged.get();
        }
        try (OutputClaim claim = OutputClaim.take(storage, output, "prepare")) {
            Destination destination = new Destination(claim, partCount, pictures.toString());
            return DeadlyPictureException.named(spark, output, () -> make(opened, inputs, manifest, destination));
        }
    }

    /** @param pictures version of the pictures as listed */
    private record Destination(OutputClaim claim, int parts, String pictures) {}

    private PrepareResult make(
            Mixture opened, List<AnnotationInputs> inputs, PrepareManifest manifest, Destination destination)
            throws IOException {
        steps.begin("Read annotations", opened.annotations());
        AnnotationParts parts = AnnotationParts.of(AnnotationInputs.records(spark, inputs), destination.parts());
        Mixture mixture = vocabulary(parts, Drawing.decided(parts, opened, config.labels()));
        PreparePart work = new PreparePart(
                config,
                mixture,
                splits(parts, mixture),
                new ViewPictures(config, destination.claim().output()),
                destination.claim().output(),
                manifest.settings());
        return publish(manifest, destination, mixture, encode(parts, work));
    }

    private AnnotationInputs inputs(PrepareConfig.Source source, ImageSource pictures) throws IOException {
        return AnnotationInputs.list(
                spark,
                storage,
                source.annotations(),
                source.statedFormat(),
                Optional.of(pictures),
                config.limits().reading());
    }

    private Optional<PrepareResult> unchanged(
            PrepareManifest manifest, CommittedFolder output, int parts, String pictures) throws IOException {
        if (config.output().singleFile()) {
            // no receipt holds the hashes of the single files: they are written again
            return Optional.empty();
        }
        steps.begin("Compare with the published dataset", output.root());
        Optional<PrepareResult> unchanged = new UnchangedDataset(spark, output).find(manifest, parts, pictures);
        unchanged.ifPresent(result -> LOG.info(
                "Nothing to do: {} was made from the same annotations, pictures and settings, and all its files are as they were written",
                result.manifest()));
        return unchanged;
    }

    /** The classes of each source: what one annotates is unknown on pictures of another. */
    private Mixture vocabulary(AnnotationParts parts, Mixture mixture) {
        if (!config.prompts().needsVocabulary()) {
            return mixture;
        }
        steps.begin("List classes", "labels of all objects");
        LabelRules rules = config.labels();
        Map<Integer, TreeSet<String>> labels = new HashMap<>();
        parts.records()
                .filter(row -> row.record() instanceof ObjectRow object && !object.crowd())
                .mapToPair(row -> new Tuple2<>(
                        row.source(),
                        rules.used(((ObjectRow) row.record()).label()).orElse("")))
                .filter(label -> !label._2().isEmpty())
                .distinct()
                .collect()
                .forEach(label -> labels.computeIfAbsent(label._1(), absent -> new TreeSet<>())
                        .add(label._2()));
        return mixture.each(source -> source.with(
                source.prompts().withVocabulary(List.copyOf(labels.getOrDefault(source.number(), new TreeSet<>())))));
    }

    private SplitPlan splits(AnnotationParts parts, Mixture mixture) {
        SplitPlan plan = config.splitting().plan();
        if (config.splitting().nearDuplicates()) {
            steps.begin("Find near-duplicate pictures", mixture.root());
            plan = plan.withClusters(DuplicatePictures.representatives(
                    spark,
                    parts,
                    mixture,
                    config.limits().images(),
                    plan,
                    config.splitting().nearDuplicateDistance(),
                    config.splitting().crops()));
        }
        steps.begin("Compare stated splits", "train, validation and test");
        return OfficialSides.decided(parts, mixture, plan);
    }

    private List<PreparedPart> encode(AnnotationParts parts, PreparePart work) {
        steps.begin("Encode objects and write rows", config.output().path());
        List<PreparedPart> prepared = new ArrayList<>(parts.map(work).collect());
        prepared.sort(Comparator.comparingInt(part -> part.receipt().part()));
        return prepared;
    }

    private PrepareResult publish(
            PrepareManifest manifest, Destination destination, Mixture mixture, List<PreparedPart> parts)
            throws IOException {
        CommittedFolder output = destination.claim().output();
        steps.begin("Publish", output.root());
        List<PartReceipt> receipts = parts.stream().map(PreparedPart::receipt).toList();
        List<PartReceipt> staged = parts.stream()
                .filter(part -> part.origin() != PreparedPart.Origin.IN_PLACE)
                .map(PreparedPart::receipt)
                .toList();
        PreparedTotals totals = PreparedTotals.of(receipts);
        for (PartReceipt receipt : staged) {
            output.copyIntoPlace(receipt.rejects());
        }
        checkSums(totals.ledger());
        config.gates().checkRejects(totals.ledger(), output.root() + "/rejects");
        ObjectNode guardrails = guardrails(output, receipts, totals);
        ShardFile handOff = output.stage(HandOff.NAME, HandOff.NAME, ".json", 0, new HandOff(config, totals).bytes());
        manifest.parts(receipts, totals);
        manifest.measured(guardrails, handOff);
        String fingerprint = manifest.fingerprint();
        PrepareResult result = new PrepareResult(
                output.root() + "/manifest.json",
                fingerprint,
                totals.ledger(),
                totals.statistics(),
                parts.stream().mapToLong(PreparedPart::encodedObjects).sum());
        List<ShardFile> named =
                new ArrayList<>(config.output().singleFile() ? singleFiles(output, receipts) : List.of());
        ShardFile page = new PrepareReport(config, storage, mixture).stage(output, parts, result, guardrails);
        named.add(page);
        output.moveIntoPlace(List.of(handOff));
        putInPlace(output, staged);
        LOG.info("{} of {} parts were in place already", parts.size() - staged.size(), parts.size());
        ObjectNode run = steps.runBlock()
                .put(UnchangedDataset.PICTURES, destination.pictures())
                .put("encoded_objects", result.encodedObjects());
        PublishedFolder.name(run, List.of(page));
        destination.claim().publish(manifest.finish(fingerprint, run), named);
        return result;
    }

    private static void putInPlace(CommittedFolder output, List<PartReceipt> staged) throws IOException {
        ObjectMapper json = new ObjectMapper();
        for (PartReceipt receipt : staged) {
            output.moveIntoPlace(receipt.data());
            output.keep(receipt, json);
        }
    }

    private ObjectNode guardrails(CommittedFolder output, List<PartReceipt> receipts, PreparedTotals totals) {
        boolean hasTexts = config.prompts().tasks().stream().anyMatch(task -> !task.listsObjects());
        ObjectNode guardrails = new Guardrails(
                        config, totals, hasTexts ? new TextComparison(output).compare(spark, receipts) : Map.of())
                .measure();
        guardrails.path("warnings").forEach(warning -> LOG.warn("{}", warning.asText()));
        config.gates().checkGuardrails(guardrails, totals.ledger());
        return guardrails;
    }

    private static List<ShardFile> singleFiles(CommittedFolder output, List<PartReceipt> receipts) throws IOException {
        List<ShardFile> files = new ArrayList<>();
        for (SplitPlan.Split split : SplitPlan.Split.values()) {
            List<ShardFile> shards = receipts.stream()
                    .flatMap(receipt -> receipt.data().stream())
                    .filter(file -> file.path().startsWith("data/" + split.text() + "-")
                            && !file.path().endsWith(".meta.jsonl"))
                    .toList();
            files.add(output.concatenate(shards, PublishedFolder.singleFile(split)));
        }
        return files;
    }

    private static void checkSums(Ledger ledger) {
        if (!ledger.losses().isEmpty()) {
            throw new IllegalStateException("Cannot publish the dataset: records were lost: " + ledger.losses());
        }
    }

    private static String runName(String fingerprint) {
        return fingerprint.substring(0, 16);
    }
}
