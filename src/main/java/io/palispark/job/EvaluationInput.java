package io.palispark.job;

import io.palispark.annotation.AnnotationRecord;
import io.palispark.annotation.AnnotationRecord.CaptionRow;
import io.palispark.annotation.AnnotationRecord.FindingRow;
import io.palispark.annotation.AnnotationRecord.ObjectRow;
import io.palispark.annotation.AnnotationRecord.QuestionRow;
import io.palispark.annotation.CocoCatalog;
import io.palispark.annotation.Known;
import io.palispark.dataset.LabelMap;
import io.palispark.geometry.Box;
import io.palispark.geometry.PolygonRasterizer;
import io.palispark.geometry.PolygonRegion;
import io.palispark.geometry.Region;
import io.palispark.geometry.RunLengthMask;
import io.palispark.job.EvaluationItem.Answered;
import io.palispark.job.EvaluationItem.Detected;
import io.palispark.job.EvaluationItem.Key;
import io.palispark.job.Prediction.Answer;
import io.palispark.job.Prediction.AnswerDefect;
import io.palispark.spark.Storage;
import io.palispark.spark.TextLines;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import scala.Tuple2;

/** Ground truth and predictions as items of numbered images. */
final class EvaluationInput {

    private static final int MOST_LINE_BYTES = Integer.MAX_VALUE / 2;

    private final JavaSparkContext spark;
    private final Storage storage;
    private final Broadcast<RecognisedImages> images;
    private final CocoCatalog catalog;
    private final LabelMap labels;

    EvaluationInput(
            JavaSparkContext spark, Storage storage, RecognisedImages images, CocoCatalog catalog, LabelMap labels) {
        this.labels = labels;
        this.spark = spark;
        this.storage = storage;
        this.images = spark.broadcast(images);
        this.catalog = catalog;
    }

    /** The images themselves. */
    JavaPairRDD<Key, EvaluationItem> images() {
        Map<String, Known> known = new HashMap<>();
        catalog.images().forEach(row -> known.put(row.imageId(), labels.known(row.known())));
        List<Tuple2<Key, EvaluationItem>> items = new ArrayList<>();
        for (RecognisedImages.Known image : images.value().all()) {
            items.add(new Tuple2<>(
                    new Key(image.number(), 0, "", 0),
                    new EvaluationItem.Image(image.id(), image.name(), known.get(image.id()))));
        }
        return spark.parallelizePairs(items);
    }

    /** Annotated objects, captions and questions; rows that a reader rejects are faults. */
    JavaPairRDD<Key, EvaluationItem> truths(JavaRDD<AnnotationRecord> records) {
        Broadcast<RecognisedImages> known = images;
        LabelMap names = labels;
        return records.flatMapToPair(
                row -> truth(row, known.value(), names).stream().iterator());
    }

    private static Optional<Tuple2<Key, EvaluationItem>> truth(
            AnnotationRecord row, RecognisedImages images, LabelMap labels) {
        if (row instanceof FindingRow finding) {
            return finding.finding().outcome().isReject()
                    ? Optional.of(fault("truth-" + finding.finding().reason().code()))
                    : Optional.empty();
        }
        Optional<RecognisedImages.Known> image = images.byId(row.imageId());
        if (row instanceof ObjectRow object) {
            Optional<ObjectRow> named = labels.name(object.label()).map(object::withLabel);
            if (named.isEmpty()) {
                return Optional.of(fault("truth-category-dropped"));
            }
            return Optional.of(
                    image.map(known -> item(named.get(), known)).orElseGet(() -> fault("truth-image-unknown")));
        }
        if (row instanceof CaptionRow caption) {
            return image.map(known -> new Tuple2<>(
                    new Key(known.number(), 2, "", caption.sequence()), new EvaluationItem.Caption(caption.text())));
        }
        if (row instanceof QuestionRow question) {
            return image.map(known -> new Tuple2<>(
                    new Key(known.number(), 3, "", question.sequence()),
                    new EvaluationItem.Question(question.question(), question.answers())));
        }
        return Optional.empty();
    }

    private static Tuple2<Key, EvaluationItem> fault(String reason) {
        return new Tuple2<>(new Key(Key.NOWHERE, 6, reason, 0), new EvaluationItem.Fault(reason));
    }

    private static Tuple2<Key, EvaluationItem> item(ObjectRow row, RecognisedImages.Known image) {
        return truth(row, image)
                .map(truth -> new Tuple2<Key, EvaluationItem>(new Key(image.number(), 1, "", row.sequence()), truth))
                .orElseGet(() -> fault("truth-mask-unusable"));
    }

    /** The object with its shapes as stated, never cut or tightened, as pycocotools takes them; empty without any. */
    static Optional<EvaluationItem.Truth> truth(ObjectRow row, RecognisedImages.Known image) {
        RunLengthMask mask =
                row.optionalRegion().flatMap(region -> mask(region, image)).orElse(null);
        Box box = row.box() != null ? row.box() : mask == null ? null : mask.bounds();
        if (box == null) {
            return Optional.empty();
        }
        double area = !Double.isNaN(row.area()) ? row.area() : mask != null ? mask.area() : box.area();
        return Optional.of(new EvaluationItem.Truth(row.label(), box, mask, area, row.crowd()));
    }

    private static Optional<RunLengthMask> mask(Region region, RecognisedImages.Known image) {
        if (region instanceof RunLengthMask mask) {
            boolean fits = image.size().isEmpty() || image.size().get().equals(mask.size());
            return fits ? Optional.of(mask) : Optional.empty();
        }
        return image.size().map(size -> PolygonRasterizer.rasterize((PolygonRegion) region, size));
    }

    /** The lines of a predictions folder. */
    JavaPairRDD<Key, EvaluationItem> predictions(PredictionFolder folder) throws IOException {
        List<Storage.Listed> shards = new ArrayList<>();
        for (String path : folder.shards()) {
            shards.add(storage.find(path)
                    .orElseThrow(() -> new IOException("Cannot evaluate " + folder.root() + ": " + path
                            + " is named in its manifest and is not there")));
        }
        Broadcast<RecognisedImages> known = images;
        return TextLines.read(spark, storage, shards, MOST_LINE_BYTES)
                .mapToPair(line -> answered(new PredictionJson().read(line.text()), known.value()));
    }

    private static Tuple2<Key, EvaluationItem> answered(Prediction prediction, RecognisedImages images) {
        Optional<RecognisedImages.Known> image = images.byName(prediction.image());
        if (image.isEmpty()) {
            return fault("prediction-image-unknown");
        }
        Answered answered = prediction.outcome() instanceof Answer answer
                ? new Answered(
                        prediction.prefix(),
                        answer.text().text(),
                        answer.size().orElse(null),
                        false,
                        answer.objects().stream().map(EvaluationInput::detected).toList(),
                        answer.defects().stream().map(AnswerDefect::code).toList())
                : new Answered(prediction.prefix(), "", null, true, List.of(), List.of());
        return new Tuple2<>(new Key(image.get().number(), 4, prediction.prefix(), 0), answered);
    }

    private static Detected detected(Prediction.DetectedObject object) {
        RunLengthMask mask = object.mask().orElse(null);
        return new Detected(object.label(), object.box(), mask, mask == null ? 0 : mask.area(), object.score());
    }

    /** The rows of an official results file, read by one task. */
    JavaPairRDD<Key, EvaluationItem> results(String path) {
        Broadcast<RecognisedImages> known = images;
        Storage files = storage;
        Map<String, String> names = new HashMap<>(catalog.categories());
        return spark.parallelize(List.of(path), 1)
                .mapPartitionsToPair(paths -> new CocoResultRows(files.open(paths.next()), known.value(), names));
    }
}
