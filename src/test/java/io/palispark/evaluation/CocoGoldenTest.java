package io.palispark.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
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

    private static CocoCase made(String name) {
        return CocoCase.of(
                Goldens.json("coco-eval/" + name + "/gt.json.gz"),
                Goldens.json("coco-eval/" + name + "/results.json.gz"));
    }
}
