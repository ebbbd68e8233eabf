package io.palispark.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.palispark.evaluation.FederatedImage.Labelled;
import io.palispark.evaluation.LvisMeans.Category;
import io.palispark.evaluation.LvisMeans.Frequency;
import io.palispark.geometry.Box;
import io.palispark.geometry.RunLengthMask;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LvisGoldenTest {

    @ParameterizedTest
    @ValueSource(strings = {"boxes", "over-300"})
    void boxesScoreAsTheLvisEvaluator(String name) {
        assertBoxes(name, Goldens.json("lvis-eval/" + name + "/gt.json.gz"));
    }

    @Test
    void masksScoreAsTheLvisEvaluator() {
        JsonNode truth = Goldens.json("lvis-eval/masks/gt.json.gz");
        Function<JsonNode, RunLengthMask> mask = MaskJson.reader(truth);
        assertScores(
                Goldens.json("lvis-eval/masks/expected.json").get("segm"),
                means(
                        truth,
                        Goldens.json("lvis-eval/masks/results.json.gz"),
                        mask,
                        result -> (double) mask.apply(result).area(),
                        Overlap.ofMasks()));
    }

    @Test
    @Tag("fetched")
    void theHundredValidationImagesScoreAsTheLvisEvaluator() {
        assertBoxes("lvis-val-100", Goldens.json("fetched/faster_coco_eval/tests/lvis_dataset/lvis_val_100.json"));
    }

    private static void assertBoxes(String name, JsonNode truth) {
        JsonNode results = Goldens.json("lvis-eval/" + name + "/results.json.gz");
        Function<JsonNode, Box> box = CocoCase::box;
        assertScores(
                Goldens.json("lvis-eval/" + name + "/expected.json").get("bbox"),
                means(truth, results, box, result -> box.apply(result).area(), Overlap.ofBoxes()));
    }

    private static void assertScores(JsonNode expected, LvisMeans means) {
        for (Metric metric : means.metrics()) {
            assertThat(metric.value().orElse(-1))
                    .as(metric.name())
                    .isCloseTo(expected.get("stats").get(metric.name()).asDouble(), within(1e-12));
        }
        for (JsonNode category : expected.get("categories")) {
            assertThat(means.categories()
                            .get(category.get("category_id").asLong())
                            .curves()
                            .averagePrecision()
                            .orElse(-1))
                    .isCloseTo(category.get("AP").asDouble(), within(1e-12));
        }
        CocoExpectation.assertArrays(
                means.categories().values().stream().map(Category::curves).toList(), expected);
    }

    private static <S> LvisMeans means(
            JsonNode truth,
            JsonNode results,
            Function<JsonNode, S> shape,
            Function<JsonNode, Double> area,
            Overlap<S> overlap) {
        Matching matching = new Matching(DetectionProtocol.LVIS);
        Map<Long, List<ImageMatches>> matches = new TreeMap<>();
        truth.get("categories")
                .forEach(category -> matches.put(category.get("id").asLong(), new ArrayList<>()));
        images(truth, results, shape, area)
                .forEach(image -> image.byCategory()
                        .forEach((category, objects) -> matches.get(category).add(matching.match(objects, overlap))));
        Map<Long, Category> categories = new TreeMap<>();
        for (JsonNode category : truth.get("categories")) {
            categories.put(
                    category.get("id").asLong(),
                    new Category(
                            CategoryCurves.accumulate(
                                    DetectionProtocol.LVIS,
                                    matches.get(category.get("id").asLong())),
                            switch (category.get("frequency").asText()) {
                                case "r" -> Frequency.RARE;
                                case "c" -> Frequency.COMMON;
                                default -> Frequency.FREQUENT;
                            }));
        }
        return new LvisMeans(categories);
    }

    private static <S> List<FederatedImage<S>> images(
            JsonNode truth, JsonNode results, Function<JsonNode, S> shape, Function<JsonNode, Double> area) {
        Map<Long, Map<Long, List<Truth<S>>>> truths = new HashMap<>();
        truth.get("annotations")
                .forEach(row -> truths.computeIfAbsent(row.get("image_id").asLong(), image -> new HashMap<>())
                        .computeIfAbsent(row.get("category_id").asLong(), category -> new ArrayList<>())
                        .add(Truth.object(shape.apply(row), row.get("area").asDouble())));
        Map<Long, List<Labelled<S>>> detections = new HashMap<>();
        results.forEach(row -> detections
                .computeIfAbsent(row.get("image_id").asLong(), image -> new ArrayList<>())
                .add(new Labelled<>(
                        row.get("category_id").asLong(),
                        new Detection<>(shape.apply(row), area.apply(row), CocoCase.score(row)))));
        List<FederatedImage<S>> images = new ArrayList<>();
        for (JsonNode image : truth.get("images")) {
            long id = image.get("id").asLong();
            images.add(new FederatedImage<>(
                    id,
                    truths.getOrDefault(id, Map.of()),
                    ids(image.get("neg_category_ids")),
                    ids(image.get("not_exhaustive_category_ids")),
                    detections.getOrDefault(id, List.of())));
        }
        return images;
    }

    private static Set<Long> ids(JsonNode array) {
        Set<Long> ids = new HashSet<>();
        array.forEach(id -> ids.add(id.asLong()));
        return ids;
    }
}
