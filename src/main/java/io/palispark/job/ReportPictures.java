package io.palispark.job;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.palispark.annotation.AnnotationRecord.ObjectRow;
import io.palispark.annotation.CocoCatalog;
import io.palispark.annotation.ReadLimits;
import io.palispark.annotation.SafeName;
import io.palispark.dataset.StableHash;
import io.palispark.evaluation.Detection;
import io.palispark.evaluation.ImageObjects;
import io.palispark.evaluation.Overlap;
import io.palispark.evaluation.Truth;
import io.palispark.geometry.Box;
import io.palispark.geometry.ImageSize;
import io.palispark.geometry.RunLengthMask;
import io.palispark.job.Prediction.Answer;
import io.palispark.job.Prediction.DetectedObject;
import io.palispark.spark.HadoopAnnotationSource;
import io.palispark.spark.ImageSource;
import io.palispark.spark.Storage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.api.java.JavaSparkContext;

/** The pictures of the report's grid with what is annotated and what was predicted. */
final class ReportPictures {

    private static final long MOST_PATH_COLUMNS = 160;

    private final ReportConfig config;
    private final Storage storage;
    private final JavaSparkContext spark;
    private final ObjectMapper json = new ObjectMapper();

    ReportPictures(ReportConfig config, Storage storage, JavaSparkContext spark) {
        this.config = config;
        this.storage = storage;
        this.spark = spark;
    }

    /** All predictions of the chosen images, and the images' annotated objects. */
    private record Chosen(Map<String, List<Prediction>> predictions, Map<String, List<EvaluationItem.Truth>> truths) {}

    /** Writes the pictures beside the pages and returns the data of the grid. */
    String write(PredictionFolder folder) throws IOException {
        Map<String, List<Prediction>> predictions = predictions(folder, names(folder));
        Chosen chosen = new Chosen(predictions, truths(predictions.keySet()));
        Optional<ImageSource> images = config.input().images() == null
                ? Optional.empty()
                : Optional.of(ImageSource.open(storage, config.input().images(), config.limits()));
        ArrayNode pictures = json.createArrayNode();
        for (Map.Entry<String, List<Prediction>> picture : chosen.predictions().entrySet()) {
            Optional<String> safe = SafeName.of(picture.getKey()).map(SafeName::path);
            Optional<Thumbnail> thumbnail = images.isPresent() && safe.isPresent()
                    ? Thumbnail.of(images.get(), safe.get(), config.pictureSide())
                    : Optional.empty();
            ObjectNode node = pictures.addObject().put("name", picture.getKey());
            if (thumbnail.isPresent()) {
                String file = "pictures/%05d.jpg".formatted(pictures.size());
                storage.write(config.output() + "/" + file, thumbnail.get().jpeg());
                node.put("image", file);
            }
            describe(
                    node,
                    picture.getValue(),
                    chosen.truths().getOrDefault(picture.getKey(), List.of()),
                    thumbnail.map(known -> new ImageSize(known.height(), known.width())),
                    folder.hasDetectPrompts());
        }
        return json.writeValueAsString(pictures);
    }

    /** Names of the images in the grid: when there are more than it takes, those of the smallest hashes. */
    private Set<String> names(PredictionFolder folder) throws IOException {
        Comparator<String> order = Comparator.comparingLong((String name) -> StableHash.of("report", name))
                .thenComparing(Comparator.naturalOrder());
        PriorityQueue<String> kept = new PriorityQueue<>(order.reversed());
        Set<String> members = new HashSet<>();
        folder.forEach(prediction -> {
            if (members.add(prediction.image())) {
                kept.add(prediction.image());
                if (kept.size() > config.pictures()) {
                    members.remove(kept.remove());
                }
            }
        });
        return new TreeSet<>(kept);
    }

    private static Map<String, List<Prediction>> predictions(PredictionFolder folder, Set<String> names)
            throws IOException {
        Map<String, List<Prediction>> byName = new LinkedHashMap<>();
        names.forEach(name -> byName.put(name, new ArrayList<>()));
        folder.forEach(prediction -> {
            if (byName.containsKey(prediction.image())) {
                byName.get(prediction.image()).add(prediction);
            }
        });
        return byName;
    }

    private Map<String, List<EvaluationItem.Truth>> truths(Set<String> names) throws IOException {
        if (config.input().groundTruth().isEmpty()) {
            return Map.of();
        }
        AnnotationInputs inputs = AnnotationInputs.list(
                spark, storage, config.input().groundTruth(), Optional.empty(), List::of, ReadLimits.DEFAULT);
        Map<String, RecognisedImages.Known> images = new HashMap<>();
        Map<String, String> nameOfId = new HashMap<>();
        for (HadoopAnnotationSource source : inputs.sources()) {
            RecognisedImages known = RecognisedImages.of(CocoCatalog.read(source, ReadLimits.DEFAULT));
            for (String name : names) {
                known.byName(name).ifPresent(image -> {
                    images.put(image.id(), image);
                    nameOfId.put(image.id(), name);
                });
            }
        }
        Set<String> ids = new HashSet<>(images.keySet());
        Map<String, List<EvaluationItem.Truth>> truths = new HashMap<>();
        inputs.records(spark)
                .filter(row -> row instanceof ObjectRow object && ids.contains(object.imageId()))
                .map(row -> (ObjectRow) row)
                .sortBy(ObjectRow::sequence, true, 1)
                .collect()
                .forEach(row -> EvaluationInput.truth(row, images.get(row.imageId()))
                        .ifPresent(truth -> truths.computeIfAbsent(
                                        nameOfId.get(row.imageId()), absent -> new ArrayList<>())
                                .add(truth)));
        return truths;
    }

    private void describe(
            ObjectNode node,
            List<Prediction> predictions,
            List<EvaluationItem.Truth> truths,
            Optional<ImageSize> pictureSize,
            boolean hasDetectPrompts) {
        Set<String> defects = new TreeSet<>();
        Set<String> labels = new TreeSet<>();
        List<DetectedObject> objects = new ArrayList<>();
        ArrayNode texts = node.putArray("texts");
        Optional<ImageSize> size = pictureSize;
        for (Prediction prediction : predictions) {
            if (prediction.outcome() instanceof Answer answer) {
                size = size.or(answer::size);
                answer.defects().forEach(defect -> defects.add(defect.code()));
                objects.addAll(answer.objects());
                texts.addArray().add(prediction.prefix()).add(answer.text().text());
            } else if (prediction.outcome() instanceof Prediction.Failure failure) {
                defects.add("failed: " + failure.code());
                texts.addArray().add(prediction.prefix()).add("failed: " + failure.detail());
            }
        }
        List<DetectedObject> shown = shown(objects, predictions, hasDetectPrompts);
        ArrayNode truth = node.putArray("truth");
        truths.forEach(object -> {
            labels.add(object.label());
            shape(
                    truth.addObject(),
                    object.crowd() ? object.label() + " (crowd)" : object.label(),
                    object.box(),
                    object.optionalMask());
        });
        ArrayNode predicted = node.putArray("predicted");
        shown.forEach(object -> {
            labels.add(object.label());
            ObjectNode shape = predicted.addObject();
            shape(shape, object.label(), object.box(), object.mask());
            shape.put("score", object.score());
        });
        node.put("width", size.map(ImageSize::width).orElse(1));
        node.put("height", size.map(ImageSize::height).orElse(1));
        putMean(node, "iou", overlap(truths, shown));
        putMean(
                node,
                "score",
                shown.stream().mapToDouble(DetectedObject::score).average().orElse(Double.NaN));
        node.set("defects", json.valueToTree(defects));
        node.set("labels", json.valueToTree(labels));
    }

    /** Objects with masks where a segment prompt was answered, else those of the detect prompts. */
    private static List<DetectedObject> shown(
            List<DetectedObject> objects, List<Prediction> predictions, boolean hasDetectPrompts) {
        List<DetectedObject> masked =
                objects.stream().filter(object -> object.mask().isPresent()).toList();
        if (!masked.isEmpty() || !hasDetectPrompts) {
            return masked.isEmpty() ? objects : masked;
        }
        return predictions.stream()
                .filter(CocoResultFiles::isDetect)
                .filter(prediction -> prediction.outcome() instanceof Answer)
                .flatMap(prediction -> ((Answer) prediction.outcome()).objects().stream())
                .toList();
    }

    private static void putMean(ObjectNode node, String name, double value) {
        if (Double.isNaN(value)) {
            node.putNull(name);
        } else {
            node.put(name, value);
        }
    }

    private static void shape(ObjectNode node, String label, Box box, Optional<RunLengthMask> mask) {
        node.put("label", label);
        node.putArray("box")
                .add(rounded(box.x()))
                .add(rounded(box.y()))
                .add(rounded(box.width()))
                .add(rounded(box.height()));
        mask.filter(pixels -> !pixels.isEmpty()).ifPresent(pixels -> {
            long step = Math.max(1, pixels.pixelBounds().width() / MOST_PATH_COLUMNS);
            node.put("path", MaskPath.of(pixels).path((int) step));
        });
    }

    private static double rounded(double value) {
        return Math.rint(value * 10) / 10;
    }

    /** Mean best overlap of the annotated objects, label by label; of masks where both have them. */
    private static double overlap(List<EvaluationItem.Truth> truths, List<DetectedObject> objects) {
        Set<String> labels = new TreeSet<>();
        truths.forEach(truth -> labels.add(truth.label()));
        ImageOutcome.Mean mean = ImageOutcome.Mean.NONE;
        boolean masks = !objects.isEmpty()
                && objects.stream().allMatch(object -> object.mask().isPresent())
                && truths.stream().allMatch(truth -> truth.optionalMask().isPresent());
        for (String label : labels) {
            List<EvaluationItem.Truth> wanted =
                    truths.stream().filter(truth -> truth.label().equals(label)).toList();
            List<DetectedObject> found = objects.stream()
                    .filter(object -> object.label().equals(label))
                    .toList();
            mean = mean.plus(
                    masks
                            ? BestOverlaps.mean(
                                    ImageObjects.exhaustive(
                                            0,
                                            wanted.stream()
                                                    .map(truth ->
                                                            new Truth<>(truth.mask(), truth.area(), truth.crowd()))
                                                    .toList(),
                                            found.stream()
                                                    .map(object -> new Detection<>(
                                                            object.mask().orElseThrow(), 0, object.score()))
                                                    .toList()),
                                    Overlap.ofMasks())
                            : BestOverlaps.mean(
                                    ImageObjects.exhaustive(
                                            0,
                                            wanted.stream()
                                                    .map(truth -> new Truth<>(truth.box(), truth.area(), truth.crowd()))
                                                    .toList(),
                                            found.stream()
                                                    .map(object -> new Detection<>(object.box(), 0, object.score()))
                                                    .toList()),
                                    Overlap.ofBoxes()));
        }
        return mean.value();
    }
}
