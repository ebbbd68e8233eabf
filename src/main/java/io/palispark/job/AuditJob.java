package io.palispark.job;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.palispark.annotation.AnnotationFormat;
import io.palispark.report.Page;
import io.palispark.spark.AnnotationParts;
import io.palispark.spark.CommittedFolder;
import io.palispark.spark.OutputException;
import io.palispark.spark.Storage;
import io.palispark.vqvae.MaskCodecWeights;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.StorageLevel;

/** Measures what 20 tokens keep of every object: box bins, codec and paste, per object and in sum. */
public final class AuditJob {

    private static final List<String> GROUPS =
            List.of("all", "small", "medium", "large", "one part", "several parts", "without holes", "with holes");

    private final AuditConfig config;
    private final Storage storage;
    private final JavaSparkContext spark;
    private final JobSteps steps;

    private AuditJob(SparkSession session, AuditConfig config, JobSteps steps) {
        this.config = config;
        this.storage = Storage.of(session);
        this.spark = JavaSparkContext.fromSparkContext(session.sparkContext());
        this.steps = steps;
    }

    /**
     * Runs the job.
     *
     * @throws OutputException when another run writes the folder, or it cannot be written
     * @throws IOException when the input cannot be read
     */
    public static AuditResult run(SparkSession session, AuditConfig config) throws IOException {
        JavaSparkContext spark = JavaSparkContext.fromSparkContext(session.sparkContext());
        CommittedFolder output = new CommittedFolder(Storage.of(session), config.output(), "audit");
        try (OutputClaim claim = OutputClaim.take(Storage.of(session), output, "audit");
                JobSteps steps = new JobSteps(spark, "audit")) {
            return new AuditJob(session, config, steps).run(claim);
        }
    }

    private AuditResult run(OutputClaim claim) throws IOException {
        AnnotationInputs inputs = AnnotationInputs.list(
                spark,
                storage,
                config.annotations(),
                AnnotationFormat.ofLabel(config.format()),
                Optional.empty(),
                config.limits());
        steps.begin("Encode, decode and paste objects", inputs.source());
        AnnotationParts parts = AnnotationParts.of(
                inputs.records(spark, 0), AnnotationInputs.parts(List.of(inputs), config.shardBytes()));
        int written = 0;
        AuditSums sums = new AuditSums();
        TreeMap<String, Long> skipped = new TreeMap<>();
        List<AuditedObject> examples = new ArrayList<>();
        List<AuditedObject> worst = new ArrayList<>();
        JavaRDD<AuditPart.Result> measured =
                parts.map(new AuditPart(config, inputs.source())).persist(StorageLevel.MEMORY_AND_DISK_SER());
        // side by side; the iterator alone would have each part measured when it is asked for
        measured.count();
        Iterator<AuditPart.Result> results = measured.toLocalIterator();
        while (results.hasNext()) {
            AuditPart.Result result = results.next();
            sums.merge(result.sums());
            result.skipped().forEach((reason, count) -> skipped.merge(reason, count, Long::sum));
            examples.addAll(result.examples());
            worst.addAll(result.worst());
            write(part(written), String.join("\n", result.lines()) + "\n");
            written++;
        }
        measured.unpersist(false);
        removePartsFrom(written);
        claim.confirm();
        AuditResult result = new AuditResult(groups(sums), skipped, config.output() + "/report/index.html");
        write("report/index.html", page(result, examples).html());
        write("audit.json", json(result, worst));
        return result;
    }

    private static List<AuditResult.Group> groups(AuditSums sums) {
        List<AuditResult.Group> groups = new ArrayList<>();
        for (String name : GROUPS) {
            Map<String, AuditSums.Distribution> variants = sums.groups().get(name);
            if (variants != null) {
                AuditSums.Distribution refined = variants.get("refined");
                groups.add(new AuditResult.Group(
                        name,
                        variants.get("floored").count(),
                        variants.get("floored").mean(),
                        variants.get("rounded").mean(),
                        refined == null ? Double.NaN : refined.mean(),
                        variants.get("rounded").percentile(0.1),
                        variants.get("box").mean()));
            }
        }
        return groups;
    }

    private String json(AuditResult result, List<AuditedObject> worst) throws IOException {
        ObjectMapper json = new ObjectMapper();
        ObjectNode root = json.createObjectNode();
        MaskCodecWeights weights = PrepareTools.weights(config.codec());
        root.putObject("weights").put("sha256", weights.sha256()).put("stand_in", weights.isStandIn());
        for (AuditResult.Group group : result.groups()) {
            ObjectNode node = root.withArray("groups").addObject();
            node.put("name", group.name()).put("objects", group.objects());
            node.put("iou_floored", group.floored()).put("iou_rounded", group.rounded());
            if (!Double.isNaN(group.refined())) {
                node.put("iou_refined", group.refined());
            }
            node.put("iou_rounded_p10", group.tenth()).put("box_iou", group.box());
        }
        root.putPOJO("not_measured", result.skipped());
        root.set(AuditExamples.KEY, json.valueToTree(AuditExamples.worst(worst)));
        return json.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n";
    }

    private Page page(AuditResult result, List<AuditedObject> examples) {
        Page page = new Page("What the mask codec keeps", config.output());
        if (config.codec().weights().equals(PrepareConfig.STAND_IN)) {
            page.notice("Measured with the bundled stand-in weights, not with PaliGemma's own.");
        }
        List<List<String>> rows = result.groups().stream()
                .map(group -> List.of(
                        group.name(),
                        "" + group.objects(),
                        "%.4f".formatted(group.floored()),
                        "%.4f".formatted(group.rounded()),
                        Double.isNaN(group.refined()) ? "not measured" : "%.4f".formatted(group.refined()),
                        "%.4f".formatted(group.box())))
                .toList();
        page.table(
                List.of("objects", "count", "IoU, official paste", "IoU, rounded paste", "IoU, refined", "box IoU"),
                rows);
        List<AuditedObject> byIou = new ArrayList<>(examples);
        byIou.sort(AuditExamples.WORST_FIRST);
        int each = Math.min(config.reportPictures(), byIou.size());
        int middle = (byIou.size() - each) / 2;
        page.section("Worst: original beside what the tokens give back")
                .pictures(AuditExamples.cards(byIou.subList(0, each)));
        page.section("Typical").pictures(AuditExamples.cards(byIou.subList(middle, middle + each)));
        page.section("Best").pictures(AuditExamples.cards(byIou.subList(byIou.size() - each, byIou.size())));
        return page;
    }

    private static String part(int number) {
        return "objects/part-%05d.jsonl".formatted(number);
    }

    /** An earlier audit may have had more parts. */
    private void removePartsFrom(int number) throws IOException {
        for (int next = number; storage.find(config.output() + "/" + part(next)).isPresent(); next++) {
            storage.deleteFile(config.output() + "/" + part(next));
        }
    }

    private void write(String name, String text) throws IOException {
        storage.write(config.output() + "/" + name, text.getBytes(StandardCharsets.UTF_8));
    }
}
