package io.palispark.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.palispark.geometry.Box;
import io.palispark.geometry.ImageSize;
import io.palispark.geometry.RunLengthMask;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SuppressionGoldenTest {

    private static final double CLOSE = 1e-6;

    /** Fused scores that differ only by the reference's float32 have no order of their own. */
    private static final Comparator<Labelled> TIES_BY_EDGE = Comparator.comparingLong(
                    (Labelled labelled) -> -Math.round(labelled.detection().score() / CLOSE))
            .thenComparingDouble(labelled -> labelled.detection().shape().x());

    private record Labelled(int label, Detection<Box> detection) {}

    @ParameterizedTest
    @CsvSource({"nms", "soft-nms-linear", "soft-nms-gaussian", "wbf"})
    void keptAndFusedBoxesAreThoseOfEnsembleBoxes(String kind) {
        List<JsonNode> cases = Goldens.lines("suppression/cases.jsonl.gz").stream()
                .filter(row -> row.get("kind").asText().equals(kind))
                .toList();
        assertThat(cases).hasSize(100);
        for (JsonNode row : cases) {
            List<Labelled> result = new ArrayList<>();
            byLabel(row)
                    .forEach((label, models) ->
                            result(row, models).forEach(detection -> result.add(new Labelled(label, detection))));
            List<Labelled> expected = expected(row);
            if (kind.equals("wbf")) {
                result.sort(TIES_BY_EDGE);
                expected.sort(TIES_BY_EDGE);
            }
            assertResult(row, result, expected);
        }
    }

    @Test
    void masksAreSuppressedByTheirPixelsAndEqualScoresKeepTheFirst() {
        ImageSize size = new ImageSize(10, 10);
        RunLengthMask left = RunLengthMask.of(size, 0, 50, 50);
        RunLengthMask nearlyLeft = RunLengthMask.of(size, 2, 50, 48);
        RunLengthMask right = RunLengthMask.of(size, 50, 50);
        List<Detection<RunLengthMask>> detections = List.of(mask(nearlyLeft), mask(right), mask(left));
        assertThat(new NonMaximumSuppression(0.5).kept(detections, RunLengthMask::iou))
                .containsExactly(0, 1);
        assertThat(new NonMaximumSuppression(0.95).kept(detections, RunLengthMask::iou))
                .containsExactly(0, 1, 2);
    }

    private static Detection<RunLengthMask> mask(RunLengthMask mask) {
        return new Detection<>(mask, mask.area(), 1);
    }

    private static List<Detection<Box>> result(JsonNode row, List<List<Detection<Box>>> models) {
        double threshold = row.path("iou_threshold").asDouble();
        List<Detection<Box>> first = models.get(0);
        return switch (row.get("kind").asText()) {
            case "nms" ->
                new NonMaximumSuppression(threshold)
                        .kept(first, Box::iou).stream().map(first::get).toList();
            case "soft-nms-linear" -> soft(row, new SoftSuppression.Linear(threshold), first);
            case "soft-nms-gaussian" ->
                soft(row, new SoftSuppression.Gaussian(row.get("sigma").asDouble()), first);
            default -> fused(row, models);
        };
    }

    /** The reference returns the scores as given. */
    private static List<Detection<Box>> soft(
            JsonNode row, SoftSuppression.Decay decay, List<Detection<Box>> detections) {
        return new SoftSuppression(decay, row.get("score_threshold").asDouble())
                .kept(detections, Box::iou).stream()
                        .map(kept -> detections.get(kept.place()))
                        .toList();
    }

    private static List<Detection<Box>> fused(JsonNode row, List<List<Detection<Box>>> models) {
        List<Double> weights = CocoCase.list(row.get("weights")).stream()
                .map(JsonNode::asDouble)
                .toList();
        double least = row.get("skip_threshold").asDouble();
        return new BoxFusion(row.get("iou_threshold").asDouble(), weights)
                .fused(models.stream()
                        .map(model -> model.stream()
                                .filter(detection -> detection.score() >= least)
                                .toList())
                        .toList());
    }

    private static Map<Integer, List<List<Detection<Box>>>> byLabel(JsonNode row) {
        Map<Integer, List<List<Detection<Box>>>> byLabel = new TreeMap<>();
        int models = row.get("inputs").size();
        for (int model = 0; model < models; model++) {
            JsonNode input = row.get("inputs").get(model);
            for (int index = 0; index < input.get("boxes").size(); index++) {
                byLabel.computeIfAbsent(
                                input.get("labels").get(index).asInt(),
                                label -> new ArrayList<>(Collections.nCopies(models, List.of())))
                        .replaceAll(ArrayList::new);
                List<Detection<Box>> detections =
                        byLabel.get(input.get("labels").get(index).asInt()).get(model);
                Box box = box(input.get("boxes").get(index));
                detections.add(new Detection<>(
                        box, box.area(), input.get("scores").get(index).asDouble()));
            }
        }
        return byLabel;
    }

    private static Box box(JsonNode corners) {
        return Box.between(
                corners.get(0).asDouble(),
                corners.get(1).asDouble(),
                corners.get(2).asDouble(),
                corners.get(3).asDouble());
    }

    private static List<Labelled> expected(JsonNode row) {
        JsonNode expected = row.get("expected");
        List<Labelled> labelled = new ArrayList<>();
        for (int index = 0; index < expected.get("boxes").size(); index++) {
            Box box = box(expected.get("boxes").get(index));
            labelled.add(new Labelled(
                    expected.get("labels").get(index).asInt(),
                    new Detection<>(
                            box, box.area(), expected.get("scores").get(index).asDouble())));
        }
        return labelled;
    }

    private static void assertResult(JsonNode row, List<Labelled> result, List<Labelled> expected) {
        assertThat(result).as("case %s", row.get("id")).hasSameSizeAs(expected);
        for (int index = 0; index < result.size(); index++) {
            Box own = result.get(index).detection().shape();
            Box box = expected.get(index).detection().shape();
            assertThat(own.x()).isCloseTo(box.x(), within(CLOSE));
            assertThat(own.y()).isCloseTo(box.y(), within(CLOSE));
            assertThat(own.right()).isCloseTo(box.right(), within(CLOSE));
            assertThat(own.bottom()).isCloseTo(box.bottom(), within(CLOSE));
            assertThat(result.get(index).detection().score())
                    .isCloseTo(expected.get(index).detection().score(), within(CLOSE));
            assertThat(result.get(index).label()).isEqualTo(expected.get(index).label());
        }
    }
}
