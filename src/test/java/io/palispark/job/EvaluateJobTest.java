package io.palispark.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.palispark.SharedFolder;
import io.palispark.SparkFixture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EvaluateJobTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String TRUTH = """
            {"images":[{"id":1,"file_name":"a.jpg","height":100,"width":100},{"id":2,"file_name":"b.jpg","height":100,"width":100},
              {"id":3,"file_name":"c.jpg","height":100,"width":100}],
             "categories":[{"id":1,"name":"mug"},{"id":2,"name":"star"}],
             "annotations":[
              {"id":1,"image_id":1,"category_id":1,"bbox":[10,10,40,40],"area":1600,"iscrowd":0},
              {"id":2,"image_id":1,"category_id":2,"bbox":[60,60,30,30],"area":900,"iscrowd":0},
              {"id":3,"image_id":2,"category_id":1,"bbox":[20,20,50,50],"area":2500,"iscrowd":0}]}
            """;

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "basic",
                "ties",
                "constant",
                "many-detections",
                "unknown-and-empty",
                "area-edges",
                "segm-basic",
                "segm-ties-dense",
                "segm-both-fields",
                "segm-crowd",
                "segm-wrong-area"
            })
    void officialResultsGetTheNumbersOfPycocotools(String name) throws IOException {
        JsonNode metrics = goldens(name);
        JsonNode expected = expected(name);

        for (String kind : List.of("bbox", "segm")) {
            if (expected.has(kind)) {
                JsonNode ours = metrics.path(kind.equals("bbox") ? "boxes" : "masks");
                assertNumbers(ours.path("scored"), expected.path(kind).path("stats"));
                assertNumbers(
                        ours.path("constant_score"),
                        expected.path("all_scores_one").path(kind));
                for (JsonNode category : expected.path(kind).path("categories")) {
                    assertThat(category(ours, category.path("name").asText())
                                    .path("AP")
                                    .asDouble(-1))
                            .isCloseTo(category.path("AP").asDouble(), within(1e-12));
                }
            }
        }
    }

    @Test
    void anAnnotationOfIdZeroCountsAsAnyOther() throws IOException {
        assertNumbers(
                goldens("id-zero").path("boxes").path("scored"),
                expected("id-zero").path("with_dense_ids").path("bbox"));
    }

    @Test
    void everyImageCountsAlsoWithoutAPredictionOrWithAFailedOne() throws IOException {
        write("truth.json", TRUTH);
        predictions(
                answer(
                        "a.jpg",
                        "detect mug ; star",
                        "[{\"label\":\"mug\",\"bbox\":[10,10,40,40],\"score\":0.9},"
                                + "{\"label\":\"jug\",\"bbox\":[60,60,30,30],\"score\":0.9}]"),
                "{\"image\":\"b.jpg\",\"prefix\":\"detect mug ; star\",\"status\":\"error\","
                        + "\"error\":{\"code\":\"image-truncated\",\"detail\":\"cut\"}}",
                answer("z.jpg", "detect mug", "[]"));

        JsonNode metrics = evaluate("predictions", "truth.json");

        assertThat(metrics.path("counts").toString())
                .contains("\"images\":3", "\"images without a prediction\":1", "\"predictions failed\":1")
                .contains("\"detections of unknown label\":1", "\"prediction-image-unknown\":1", "\"objects\":3");
        JsonNode point = metrics.path("boxes").path("at_overlap_0.5");
        assertThat(point.path("right").asInt()).isEqualTo(1);
        assertThat(point.path("missed").asInt()).isEqualTo(2);
        assertThat(category(metrics.path("boxes"), "star").path("AP").asDouble())
                .isZero();
        assertThat(category(metrics.path("boxes"), "mug").path("AR100").asDouble())
                .isEqualTo(0.5);
    }

    @Test
    void onlyRequestedImagesCountWhereAskedFor() throws IOException {
        write("truth.json", TRUTH);
        predictions(answer("a.jpg", "detect mug", "[{\"label\":\"mug\",\"bbox\":[10,10,40,40],\"score\":0.9}]"));

        JsonNode metrics = evaluate("predictions", "truth.json", "input.images=requested");

        assertThat(metrics.path("boxes").path("at_overlap_0.5").path("missed").asInt())
                .isEqualTo(1);
        assertThat(metrics.path("counts").path("images evaluated").asInt()).isEqualTo(1);
    }

    @Test
    void boxesAreThoseOfDetectPromptsWhereThereAreAny() throws IOException {
        write("truth.json", TRUTH);
        predictions(
                answer("a.jpg", "detect mug", "[{\"label\":\"mug\",\"bbox\":[10,10,40,40],\"score\":0.9}]"),
                answer("a.jpg", "segment mug", "[{\"label\":\"mug\",\"bbox\":[50,50,40,40],\"score\":0.9}]"));

        JsonNode point = evaluate("predictions", "truth.json").path("boxes").path("at_overlap_0.5");

        assertThat(point.path("right").asInt()).isEqualTo(1);
        assertThat(point.path("wrong").asInt()).isZero();
    }

    @Test
    void theConfusionPairsBoxesWhateverTheirLabels() throws IOException {
        write("truth.json", TRUTH);
        predictions(answer(
                "a.jpg",
                "detect mug ; star",
                "[{\"label\":\"star\",\"bbox\":[10,10,40,41],\"score\":0.9},"
                        + "{\"label\":\"star\",\"bbox\":[0,90,5,5],\"score\":0.9}]"));

        assertThat(evaluate("predictions", "truth.json").path("confusion").toString())
                .isEqualTo("[{\"annotated\":\"\",\"detected\":\"star\",\"count\":1},"
                        + "{\"annotated\":\"mug\",\"detected\":\"\",\"count\":1},"
                        + "{\"annotated\":\"mug\",\"detected\":\"star\",\"count\":1},"
                        + "{\"annotated\":\"star\",\"detected\":\"\",\"count\":1}]");
    }

    @Test
    void resultsThatCannotBeUsedAreCounted() throws IOException {
        write("truth.json", TRUTH);
        write(
                "results.json",
                "[{\"image_id\":1,\"category_id\":1,\"bbox\":[10,10,40,40],\"score\":0.5},"
                        + "{\"image_id\":9,\"category_id\":1,\"bbox\":[1,1,1,1],\"score\":0.5},"
                        + "{\"image_id\":1,\"category_id\":7,\"bbox\":[1,1,1,1],\"score\":0.5},"
                        + "{\"image_id\":1,\"category_id\":1,\"bbox\":[1,1,1],\"score\":0.5},"
                        + "{\"image_id\":1,\"category_id\":1,\"bbox\":[1,1,1,1]}]");

        assertThat(evaluate("results.json", "truth.json").path("counts").toString())
                .contains("\"detections\":1", "\"result-image-unknown\":1", "\"result-label-unknown\":1")
                .contains("\"result-score-invalid\":1", "\"result-shape-missing\":1");
    }

    @Test
    void aPathThatLeadsToNoPredictionsIsNamed() throws IOException {
        write("truth.json", TRUTH);

        assertThatThrownBy(() -> evaluate("nowhere", "truth.json"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("neither a predictions folder with a manifest nor a COCO results file");
    }

    private JsonNode goldens(String name) throws IOException {
        unpack(name, "gt.json");
        unpack(name, "results.json");
        return evaluate("results.json", "gt.json");
    }

    private void unpack(String name, String file) throws IOException {
        Path source = SharedFolder.require("fixtures/evaluation/coco-eval/" + name + "/" + file + ".gz");
        try (GZIPInputStream stream = new GZIPInputStream(Files.newInputStream(source))) {
            Files.copy(stream, folder.resolve(file));
        }
    }

    private static JsonNode expected(String name) throws IOException {
        return JSON.readTree(SharedFolder.require("fixtures/evaluation/coco-eval/" + name + "/expected.json")
                .toFile());
    }

    private static void assertNumbers(JsonNode ours, JsonNode stats) {
        for (String number : CategorySummary.NAMES) {
            assertThat(ours.path(number).asDouble(-1))
                    .as(number)
                    .isCloseTo(stats.path(number).asDouble(), within(1e-12));
        }
    }

    private static JsonNode category(JsonNode shapes, String label) {
        for (JsonNode node : shapes.path("labels")) {
            if (node.path("label").asText().equals(label)) {
                return node;
            }
        }
        return JSON.missingNode();
    }

    private void write(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private static String answer(String image, String prefix, String objects) throws IOException {
        ObjectNode line = JSON.createObjectNode()
                .put("image", image)
                .put("prefix", prefix)
                .put("width", 100)
                .put("height", 100)
                .put("status", "ok")
                .put("text", "");
        line.set("objects", JSON.readTree(objects));
        return line.toString();
    }

    /** A predictions folder as {@code decode} leaves it. */
    private void predictions(String... lines) throws IOException {
        write("predictions/data/part-0.jsonl", String.join("\n", lines) + "\n");
        ObjectNode manifest = JSON.createObjectNode().put("kind", "predictions");
        manifest.putPOJO("convention", io.palispark.token.Convention.BIG_VISION.toMap());
        manifest.withArray("shards").addObject().put("path", "data/part-0.jsonl");
        long detect = List.of(lines).stream()
                .filter(line -> line.contains("\"detect "))
                .count();
        manifest.putObject("counts").put("prompt:detect", detect);
        write("predictions/manifest.json", manifest.toString());
    }

    @Test
    void theGroundTruthMayHaveTheNamesFromBeforeTheMap() throws IOException {
        write("truth.json", TRUTH);
        write("labels.csv", "label,becomes\nmug,cup\nstar,\n");
        predictions(answer("a.jpg", "detect cup", "[{\"label\":\"cup\",\"bbox\":[10,10,40,40],\"score\":0.9}]"));

        JsonNode metrics = evaluate("predictions", "truth.json", "input.labels-map=" + folder.resolve("labels.csv"));

        assertThat(metrics.path("counts").toString()).contains("\"truth-category-dropped\":1", "\"objects\":2");
        assertThat(category(metrics.path("boxes"), "cup").path("AR100").asDouble())
                .isEqualTo(0.5);
    }

    private JsonNode evaluate(String predictions, String truth, String... settings) throws IOException {
        List<String> all = new ArrayList<>(List.of(settings));
        all.add("input.predictions=" + folder.resolve(predictions));
        all.add("input.ground-truth=" + folder.resolve(truth));
        all.add("output.path=" + folder.resolve("metrics"));
        EvaluateJob.run(SparkFixture.session(), EvaluateConfig.read(Optional.empty(), all));
        return JSON.readTree(folder.resolve("metrics/metrics.json").toFile());
    }
}
