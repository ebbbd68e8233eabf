package io.palispark.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.palispark.SharedFolder;
import io.palispark.SparkFixture;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Ground truth of LVIS through the job, against the numbers of its own evaluator. */
class FederatedEvaluationTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> NUMBERS = List.of(
            "AP", "AP50", "AP75", "APs", "APm", "APl", "APr", "APc", "APf", "AR@300", "ARs@300", "ARm@300", "ARl@300");

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({"boxes, bbox, boxes", "over-300, bbox, boxes", "masks, segm, masks"})
    void theNumbersAreThoseOfTheLvisEvaluator(String name, String kind, String shapes) throws IOException {
        JsonNode metrics = evaluate(truth(name), name);

        assertNumbers(metrics.path("federated").path(shapes), expected(name).path(kind));
    }

    @Test
    @Tag("fetched")
    void theHundredValidationImagesScoreAsTheLvisEvaluator() throws IOException {
        Path truth = SharedFolder.require("fixtures/fetched/faster_coco_eval/tests/lvis_dataset/lvis_val_100.json");

        JsonNode metrics = evaluate(truth, "lvis-val-100");

        assertNumbers(
                metrics.path("federated").path("boxes"),
                expected("lvis-val-100").path("bbox"));
    }

    @Test
    void theNumbersDoNotDependOnHowTheGroundTruthIsCut() throws IOException {
        JsonNode whole = JSON.readTree(truth("masks").toFile());
        for (int half = 0; half < 2; half++) {
            ObjectNode part = whole.deepCopy();
            part.putArray("images");
            part.putArray("annotations");
            for (JsonNode image : whole.path("images")) {
                if (image.path("id").asInt() % 2 == half) {
                    part.withArray("images").insert(0, image);
                }
            }
            for (JsonNode row : whole.path("annotations")) {
                if (row.path("image_id").asInt() % 2 == half) {
                    part.withArray("annotations").add(row);
                }
            }
            Files.createDirectories(folder.resolve("halves"));
            JSON.writeValue(folder.resolve("halves/" + half + ".json").toFile(), part);
        }

        JsonNode halves = evaluate(folder.resolve("halves"), "masks");

        assertThat(halves.path("federated"))
                .isEqualTo(evaluate(folder.resolve("gt.json"), "masks").path("federated"));
    }

    @Test
    void otherGroundTruthHasNoSuchNumbers() throws IOException {
        Files.writeString(
                folder.resolve("coco.json"),
                "{\"images\":[{\"id\":1,\"file_name\":\"a.jpg\",\"height\":100,\"width\":100}],"
                        + "\"categories\":[{\"id\":1,\"name\":\"mug\"}],\"annotations\":[{\"id\":1,\"image_id\":1,"
                        + "\"category_id\":1,\"bbox\":[10,10,40,40],\"area\":1600,\"iscrowd\":0}]}");
        Files.writeString(folder.resolve("none.json"), "[]");

        assertThat(evaluate(folder.resolve("coco.json"), folder.resolve("none.json"))
                        .has("federated"))
                .isFalse();
    }

    private static void assertNumbers(JsonNode ours, JsonNode expected) {
        for (String number : NUMBERS) {
            assertThat(ours.path(number).asDouble(-1))
                    .as(number)
                    .isCloseTo(expected.path("stats").path(number).asDouble(), within(1e-12));
        }
        Map<String, Double> labels = new HashMap<>();
        ours.path("labels")
                .forEach(label -> labels.put(
                        label.path("label").asText(), label.path("AP").asDouble(-1)));
        for (JsonNode category : expected.path("categories")) {
            String label = category.path("name").asText().replace('_', ' ');
            assertThat(labels.remove(label))
                    .as(label)
                    .isCloseTo(category.path("AP").asDouble(), within(1e-12));
        }
        // the rest is known to be absent wherever it was asked for
        assertThat(labels.values()).allMatch(precision -> precision == -1);
    }

    private static JsonNode expected(String name) throws IOException {
        return JSON.readTree(SharedFolder.require("fixtures/evaluation/lvis-eval/" + name + "/expected.json")
                .toFile());
    }

    private Path truth(String name) throws IOException {
        return unpacked(name, "gt.json");
    }

    private Path unpacked(String name, String file) throws IOException {
        Path source = SharedFolder.require("fixtures/evaluation/lvis-eval/" + name + "/" + file + ".gz");
        Path target = folder.resolve(file);
        if (!Files.exists(target)) {
            try (InputStream stream = new GZIPInputStream(Files.newInputStream(source))) {
                Files.copy(stream, target);
            }
        }
        return target;
    }

    private JsonNode evaluate(Path truth, String results) throws IOException {
        return evaluate(truth, unpacked(results, "results.json"));
    }

    private JsonNode evaluate(Path truth, Path results) throws IOException {
        EvaluateJob.run(
                SparkFixture.session(),
                EvaluateConfig.read(
                        Optional.empty(),
                        List.of(
                                "input.predictions=" + results,
                                "input.ground-truth=" + truth,
                                "output.path=" + folder.resolve("metrics"))));
        return JSON.readTree(folder.resolve("metrics/metrics.json").toFile());
    }
}
