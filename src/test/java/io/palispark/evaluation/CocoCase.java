package io.palispark.evaluation;

import com.fasterxml.jackson.databind.JsonNode;
import io.palispark.geometry.Box;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.StreamSupport;

/** Ground truth and results in COCO's JSON, grouped into the units that matching takes. */
record CocoCase(JsonNode truth, List<JsonNode> results) {

    static CocoCase of(JsonNode truth, JsonNode results) {
        return new CocoCase(truth, list(results));
    }

    static List<JsonNode> list(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false).toList();
    }

    CocoCase reversed() {
        List<JsonNode> reversed = new ArrayList<>(results);
        java.util.Collections.reverse(reversed);
        return new CocoCase(truth, reversed);
    }

    /** Ascending ids, as the reference orders its arrays. */
    Set<Long> categories() {
        Set<Long> ids = new TreeSet<>();
        truth.get("categories").forEach(category -> ids.add(category.get("id").asLong()));
        return ids;
    }

    List<CategoryCurves> boxCurves(DetectionProtocol protocol, Function<JsonNode, Double> score) {
        return curves(protocol, CocoCase::box, result -> box(result).area(), score, Overlap.ofBoxes());
    }

    <S> List<CategoryCurves> curves(
            DetectionProtocol protocol,
            Function<JsonNode, S> shape,
            Function<JsonNode, Double> resultArea,
            Function<JsonNode, Double> score,
            Overlap<S> overlap) {
        Matching matching = new Matching(protocol);
        return groups(shape, resultArea, score).stream()
                .map(category -> category.stream()
                        .map(objects -> matching.match(objects, overlap))
                        .toList())
                .map(matches -> CategoryCurves.accumulate(protocol, matches))
                .toList();
    }

    /** For each category in ascending id the images that hold anything of it. */
    <S> List<List<ImageObjects<S>>> groups(
            Function<JsonNode, S> shape, Function<JsonNode, Double> resultArea, Function<JsonNode, Double> score) {
        Map<Long, Map<Long, List<Truth<S>>>> truths = new TreeMap<>();
        Map<Long, Map<Long, List<Detection<S>>>> detections = new TreeMap<>();
        categories().forEach(category -> {
            truths.put(category, new TreeMap<>());
            detections.put(category, new TreeMap<>());
        });
        for (JsonNode annotation : truth.get("annotations")) {
            Truth<S> object = new Truth<>(
                    shape.apply(annotation),
                    annotation.get("area").asDouble(),
                    annotation.path("iscrowd").asInt() == 1);
            truths.get(annotation.get("category_id").asLong())
                    .computeIfAbsent(annotation.get("image_id").asLong(), image -> new ArrayList<>())
                    .add(object);
        }
        for (JsonNode result : results) {
            if (detections.containsKey(result.get("category_id").asLong())) {
                detections
                        .get(result.get("category_id").asLong())
                        .computeIfAbsent(result.get("image_id").asLong(), image -> new ArrayList<>())
                        .add(new Detection<>(shape.apply(result), resultArea.apply(result), score.apply(result)));
            }
        }
        return truths.keySet().stream()
                .map(category -> {
                    Set<Long> images = new TreeSet<>(truths.get(category).keySet());
                    images.addAll(detections.get(category).keySet());
                    return images.stream()
                            .map(image -> ImageObjects.exhaustive(
                                    image,
                                    truths.get(category).getOrDefault(image, List.of()),
                                    detections.get(category).getOrDefault(image, List.of())))
                            .toList();
                })
                .toList();
    }

    static Box box(JsonNode row) {
        JsonNode box = row.get("bbox");
        return new Box(
                box.get(0).asDouble(),
                box.get(1).asDouble(),
                box.get(2).asDouble(),
                box.get(3).asDouble());
    }

    static double score(JsonNode result) {
        return result.get("score").asDouble();
    }
}
