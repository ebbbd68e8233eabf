package io.palispark.job;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.palispark.annotation.AnnotationRecord.ImageRow;
import io.palispark.annotation.CocoCatalog;
import io.palispark.annotation.ReadLimits;
import io.palispark.spark.HadoopAnnotationSource;
import io.palispark.spark.Storage;
import io.palispark.token.Convention;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.Partitioner;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.StorageLevel;
import scala.Tuple2;

/**
 * Predictions against ground truth. Images are matched side by side, labels are sorted once each; the numbers are those
 * of the reference evaluators and do not depend on how the work is cut.
 */
public final class EvaluateJob {

    private static final int IMAGES_PER_PART = 200;

    private final JavaSparkContext spark;
    private final Storage storage;
    private final EvaluateConfig config;
    private final JobSteps steps;

    private EvaluateJob(JavaSparkContext spark, Storage storage, EvaluateConfig config, JobSteps steps) {
        this.spark = spark;
        this.storage = storage;
        this.config = config;
        this.steps = steps;
    }

    /**
     * Runs the job.
     *
     * @throws IOException when the input cannot be read or the output not written
     */
    public static EvaluateResult run(SparkSession session, EvaluateConfig config) throws IOException {
        JavaSparkContext spark = JavaSparkContext.fromSparkContext(session.sparkContext());
        Storage storage = Storage.of(session);
        try (JobSteps steps = new JobSteps(spark, "evaluate");
                EvaluationFolder output = new EvaluationFolder(storage, config)) {
            return new EvaluateJob(spark, storage, config, steps).run(output);
        }
    }

    private EvaluateResult run(EvaluationFolder output) throws IOException {
        steps.begin("Read the ground truth", String.join(", ", config.groundTruth()));
        AnnotationInputs truths = AnnotationInputs.list(
                spark, storage, config.groundTruth(), Optional.empty(), Optional.empty(), ReadLimits.DEFAULT);
        CocoCatalog catalog = catalog(truths);
        RecognisedImages known = RecognisedImages.of(catalog);
        EvaluationInput input = new EvaluationInput(spark, storage, known, catalog, config.labels());
        Optional<PredictionFolder> folder = PredictionFolder.find(storage, config.predictions());
        JavaPairRDD<EvaluationItem.Key, EvaluationItem> items = input.images()
                .union(input.truths(truths.records(spark)))
                .union(folder.isPresent() ? input.predictions(folder.get()) : input.results(resultsFile()));
        EvaluationScope scope = new EvaluationScope(
                new HashSet<>(catalog.categories().values()),
                folder.map(PredictionFolder::hasDetectPrompts).orElse(false),
                folder.map(EvaluateJob::convention).orElse(Convention.BIG_VISION));
        steps.begin("Match", config.predictions());
        JavaRDD<EvaluatedPart> parts = output.stage(outcomes(items, known.all().size(), scope), config.calibration())
                .persist(StorageLevel.MEMORY_AND_DISK_SER());
        List<EvaluatedPart.Summary> summaries =
                new ArrayList<>(parts.map(EvaluatedPart::summary).collect());
        summaries.sort(Comparator.comparingInt(part -> part.receipt().part()));
        EvaluationTotals totals = new EvaluationTotals();
        summaries.forEach(part -> part.sums().forEach(totals::add));
        steps.begin("Accumulate", "one sort a label");
        List<CategorySummary> labels =
                CategoryAccumulation.summaries(parts, config.metrics().calibrationBins());
        Optional<ObjectNode> fit = new CalibrationFitting(config).fit(parts);
        steps.begin("Write", config.output());
        parts.unpersist(false);
        return output.publish(
                steps,
                new MetricsDocument(config, folder, totals, labels, catalog.frequencies(), fit).tree(),
                summaries.stream().map(EvaluatedPart.Summary::receipt).toList());
    }

    private String resultsFile() throws IOException {
        if (storage.find(config.predictions()).isEmpty()) {
            throw new IOException("Cannot evaluate " + config.predictions()
                    + ": it is neither a predictions folder with a manifest nor a COCO results file");
        }
        return config.predictions();
    }

    private static Convention convention(PredictionFolder folder) {
        Map<String, String> stated = new TreeMap<>();
        folder.manifest()
                .path("convention")
                .fields()
                .forEachRemaining(
                        rule -> stated.put(rule.getKey(), rule.getValue().asText()));
        return Convention.parse(stated).orElseThrow();
    }

    /** The images and categories of all files together; the first to state an id decides. */
    private CocoCatalog catalog(AnnotationInputs truths) throws IOException {
        Map<String, ImageRow> images = new LinkedHashMap<>();
        Map<String, String> categories = new HashMap<>();
        Map<String, String> frequencies = new HashMap<>();
        for (HadoopAnnotationSource file : truths.sources()) {
            CocoCatalog catalog = CocoCatalog.read(file, ReadLimits.DEFAULT);
            catalog.images().forEach(image -> images.putIfAbsent(image.imageId(), image));
            catalog.categories()
                    .forEach((id, label) ->
                            config.labels().name(label).ifPresent(name -> categories.putIfAbsent(id, name)));
            catalog.frequencies()
                    .forEach((label, frequency) ->
                            config.labels().name(label).ifPresent(name -> frequencies.putIfAbsent(name, frequency)));
        }
        if (images.isEmpty()) {
            throw new IOException("Cannot evaluate against " + config.groundTruth() + ": no file there lists images");
        }
        return new CocoCatalog(new ArrayList<>(images.values()), categories, frequencies);
    }

    private JavaRDD<ImageOutcome> outcomes(
            JavaPairRDD<EvaluationItem.Key, EvaluationItem> items, int images, EvaluationScope scope) {
        EvaluateConfig settings = config;
        int parts = Math.max(1, (images + IMAGES_PER_PART - 1) / IMAGES_PER_PART);
        // a part is sorted in memory: Spark's own sorting shuffle would measure every item that it buffers
        return items.partitionBy(new InRanges(images, parts)).mapPartitions(unsorted -> {
            List<Tuple2<EvaluationItem.Key, EvaluationItem>> sorted = new ArrayList<>();
            unsorted.forEachRemaining(sorted::add);
            sorted.sort(Comparator.comparing(Tuple2::_1));
            ImageEvaluation evaluation = new ImageEvaluation(settings, scope);
            return new ItemsByImage<>(sorted.iterator(), evaluation::evaluate);
        });
    }

    /** Neighbouring images to one part, so that parts in order are images in order. */
    private static final class InRanges extends Partitioner {

        private static final long serialVersionUID = 1L;

        private final long images;
        private final int parts;

        InRanges(int images, int parts) {
            this.images = images;
            this.parts = parts;
        }

        @Override
        public int numPartitions() {
            return parts;
        }

        @Override
        public int getPartition(Object key) {
            long image = Math.max(0, ((EvaluationItem.Key) key).image());
            return (int) (image * parts / Math.max(1, images));
        }
    }
}
