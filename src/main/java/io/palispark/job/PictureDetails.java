package io.palispark.job;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.palispark.evaluation.Detection;
import io.palispark.evaluation.ImageObjects;
import io.palispark.evaluation.Overlap;
import io.palispark.evaluation.Truth;
import io.palispark.geometry.Box;
import io.palispark.geometry.ImageSize;
import io.palispark.geometry.RunLengthMask;
import io.palispark.job.Prediction.Answer;
import io.palispark.job.Prediction.DetectedObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What the report's grid shows of one picture: annotated and predicted shapes, prompts and answers.
 *
 * @param hasDetectPrompts whether boxes were asked for by prompts of their own
 */
record PictureDetails(ObjectMapper json, boolean hasDetectPrompts) {

    private static final long MOST_PATH_COLUMNS = 160;

    /**
     * Describes a picture.
     *
     * @param summary gets what sorting and filtering need
     * @return what is drawn
     */
    ObjectNode describe(
            ObjectNode summary,
            List<Prediction> predictions,
            List<EvaluationItem.Truth> truths,
            Optional<ImageSize> pictureSize) {
        ObjectNode node = json.createObjectNode();
        Set<String> defects = new TreeSet<>();
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
        node.put("width", size.map(ImageSize::width).orElse(1));
        node.put("height", size.map(ImageSize::height).orElse(1));
        Set<String> labels = putShapes(node, truths, shown);
        putMean(summary, "iou", overlap(truths, shown));
        putMean(
                summary,
                "score",
                shown.stream().mapToDouble(DetectedObject::score).average().orElse(Double.NaN));
        summary.set("defects", json.valueToTree(defects));
        summary.set("labels", json.valueToTree(labels));
        return node;
    }

    private static Set<String> putShapes(
            ObjectNode node, List<EvaluationItem.Truth> truths, List<DetectedObject> shown) {
        Set<String> labels = new TreeSet<>();
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
        return labels;
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
