package io.palispark.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.palispark.geometry.RunLengthMask;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CocoGoldenTest {

    private static final String FAKE = "fetched/faster_coco_eval/tests/dataset/cocoapi/";

    @ParameterizedTest
    @ValueSource(strings = {"basic", "ties", "constant", "many-detections", "unknown-and-empty", "area-edges"})
    void boxesOfTheMadeSetsScoreAsPycocotools(String name) {
        JsonNode expected = Goldens.json("coco-eval/" + name + "/expected.json");
        CocoCase made = made(name);
        List<CategoryCurves> curves = made.boxCurves(DetectionProtocol.COCO, CocoCase::score);
        CocoExpectation.assertCategories(curves, expected.get("bbox"));
        CocoExpectation.assertArrays(curves, expected.get("bbox"));
        CocoExpectation.assertStats(curves, expected.get("bbox").get("stats"));
        CocoExpectation.assertStats(
                made.boxCurves(DetectionProtocol.COCO, result -> 1.0),
                expected.get("all_scores_one").get("bbox"));
        CocoExpectation.assertStats(
                made.reversed().boxCurves(DetectionProtocol.COCO, CocoCase::score),
                expected.get("results_reversed").get("bbox"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"segm-basic", "segm-ties-dense", "segm-crowd", "segm-wrong-area"})
    void masksOfTheMadeSetsScoreAsPycocotools(String name) {
        JsonNode expected = Goldens.json("coco-eval/" + name + "/expected.json");
        CocoCase made = made(name);
        List<CategoryCurves> curves = maskCurves(made, CocoCase::score);
        CocoExpectation.assertCategories(curves, expected.get("segm"));
        CocoExpectation.assertArrays(curves, expected.get("segm"));
        CocoExpectation.assertStats(curves, expected.get("segm").get("stats"));
        CocoExpectation.assertStats(
                maskCurves(made, result -> 1.0), expected.get("all_scores_one").get("segm"));
        CocoExpectation.assertStats(
                maskCurves(made.reversed(), CocoCase::score),
                expected.get("results_reversed").get("segm"));
    }

    @Test
    void theAreaOfADetectionIsTheCallersChoiceWhenAResultHasBoxAndMask() {
        JsonNode expected = Goldens.json("coco-eval/segm-both-fields/expected.json");
        CocoCase made = made("segm-both-fields");
        Function<JsonNode, RunLengthMask> mask = MaskJson.reader(made.truth());
        List<CategoryCurves> byBox = made.curves(
                DetectionProtocol.COCO,
                mask,
                result -> CocoCase.box(result).area(),
                CocoCase::score,
                Overlap.ofMasks());
        CocoExpectation.assertArrays(byBox, expected.get("segm"));
        CocoExpectation.assertStats(byBox, expected.get("segm").get("stats"));
        CocoExpectation.assertStats(maskCurves(made, CocoCase::score), expected.get("segm_without_bbox_field"));
        CocoExpectation.assertStats(
                made.boxCurves(DetectionProtocol.COCO, CocoCase::score),
                expected.get("bbox").get("stats"));
    }

    @Test
    void anAnnotationOfIdZeroCountsAsAnyOther() {
        JsonNode expected = Goldens.json("coco-eval/id-zero/expected.json");
        List<CategoryCurves> curves = made("id-zero").boxCurves(DetectionProtocol.COCO, CocoCase::score);
        JsonNode stats = expected.get("with_dense_ids").get("bbox");
        CocoExpectation.assertStats(curves, stats.has("stats") ? stats.get("stats") : stats);
        assertThat(expected.get("bbox").get("stats").get("AP").asDouble())
                .as("what the reference reports")
                .isLessThan(DetectionMeans.of(curves).averagePrecision(0).getAsDouble());
    }

    @Test
    @Tag("fetched")
    void theOfficialFakeBoxesScoreAsPublished() {
        JsonNode expected = Goldens.json("coco-eval/official-fake-results.json").get("bbox");
        CocoCase official = CocoCase.of(
                Goldens.json(FAKE + "instances_val2014_100.json"),
                Goldens.json(FAKE + expected.get("results").asText()));
        List<CategoryCurves> curves = official.boxCurves(DetectionProtocol.COCO, CocoCase::score);
        CocoExpectation.assertCategories(curves, expected);
        CocoExpectation.assertArrays(curves, expected);
        CocoExpectation.assertStats(curves, expected.get("stats"));
        CocoExpectation.assertStats(
                official.boxCurves(DetectionProtocol.COCO, result -> 1.0), expected.get("all_scores_one"));
        CocoExpectation.assertStats(
                official.reversed().boxCurves(DetectionProtocol.COCO, result -> 1.0),
                expected.get("all_scores_one_reversed"));
        CocoExpectation.assertStats(
                official.reversed().boxCurves(DetectionProtocol.COCO, CocoCase::score),
                expected.get("results_reversed"));
        assertThat(DetectionMeans.of(curves).averagePrecision(0).getAsDouble())
                .isCloseTo(0.5045806987249628, within(1e-12));
    }

    @Test
    @Tag("fetched")
    void theOfficialFakeMasksScoreAsPublished() {
        JsonNode expected = Goldens.json("coco-eval/official-fake-results.json").get("segm");
        CocoCase official = CocoCase.of(
                Goldens.json(FAKE + "instances_val2014_100.json"),
                Goldens.json(FAKE + expected.get("results").asText()));
        List<CategoryCurves> curves = maskCurves(official, CocoCase::score);
        CocoExpectation.assertCategories(curves, expected);
        CocoExpectation.assertArrays(curves, expected);
        CocoExpectation.assertStats(curves, expected.get("stats"));
        CocoExpectation.assertStats(maskCurves(official, result -> 1.0), expected.get("all_scores_one"));
    }

    private static List<CategoryCurves> maskCurves(CocoCase made, Function<JsonNode, Double> score) {
        Function<JsonNode, RunLengthMask> mask = MaskJson.reader(made.truth());
        return made.curves(
                DetectionProtocol.COCO,
                mask,
                result -> (double) mask.apply(result).area(),
                score,
                Overlap.ofMasks());
    }

    private static CocoCase made(String name) {
        return CocoCase.of(
                Goldens.json("coco-eval/" + name + "/gt.json.gz"),
                Goldens.json("coco-eval/" + name + "/results.json.gz"));
    }
}
