package io.palispark.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.palispark.SparkFixture;
import io.palispark.geometry.RunLengthMask;
import io.palispark.job.GenerateConfig;
import io.palispark.job.GenerateJob;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Pictures to average precision in one go: the stand-in answers the demo corpus through {@code generate}, and boxes and
 * masks score as pycocotools scored what transformers answered.
 */
class StandInAccuracyTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path CORPUS = Path.of("src/main/resources/io/palispark/demo");

    private static JsonNode expected;
    private static JsonNode truth;
    private static final List<JsonNode> LINES = new ArrayList<>();
    private static final Map<String, Long> IMAGES = new HashMap<>();
    private static final Map<String, Long> CATEGORIES = new HashMap<>();

    @BeforeAll
    static void answer(@TempDir Path folder) throws IOException {
        try (InputStream json = new GZIPInputStream(
                StandInAccuracyTest.class.getResourceAsStream("/io/palispark/demo/expected.json.gz"))) {
            expected = JSON.readTree(json);
        }
        truth = JSON.readTree(CORPUS.resolve("annotations/instances.json").toFile());
        truth.path("categories")
                .forEach(category -> CATEGORIES.put(
                        category.path("name").asText(), category.path("id").asLong()));
        List<String> rows = new ArrayList<>();
        for (JsonNode picture : expected.path("images")) {
            String image = picture.path("file_name").asText();
            IMAGES.put(image, picture.path("image_id").asLong());
            for (JsonNode output : picture.path("outputs")) {
                rows.add(JSON.createObjectNode()
                        .put("image", image)
                        .put("prefix", output.path("prompt").asText())
                        .toString());
            }
        }
        GenerateConfig config = GenerateConfig.read(
                Optional.empty(),
                List.of(
                        "input.rows=" + Files.write(folder.resolve("rows.jsonl"), rows),
                        "input.images=" + CORPUS.resolve("images"),
                        "scores.rule=label",
                        "masks.paste=floored",
                        "output.part-rows=120",
                        "output.path=" + folder.resolve("out")));
        GenerateJob.run(SparkFixture.session(), config);
        try (var parts = Files.list(folder.resolve("out/data"))) {
            for (Path part :
                    parts.filter(path -> path.toString().endsWith(".jsonl")).toList()) {
                for (String line : Files.readAllLines(part)) {
                    LINES.add(JSON.readTree(line));
                }
            }
        }
        assertThat(LINES).hasSameSizeAs(rows);
    }

    @Test
    void boxesScoreAsTheReferences() {
        CocoCase boxes = new CocoCase(truth, results("detect "));

        assertMeans(
                boxes.boxCurves(DetectionProtocol.COCO, CocoCase::score),
                expected.path("metrics").path("box"));
    }

    @Test
    void masksScoreAsTheReferences() {
        CocoCase masks = new CocoCase(truth, results("segment "));
        Function<JsonNode, RunLengthMask> mask = MaskJson.reader(truth);

        assertMeans(
                masks.curves(
                        DetectionProtocol.COCO,
                        mask,
                        result -> (double) mask.apply(result).area(),
                        CocoCase::score,
                        Overlap.ofMasks()),
                expected.path("metrics").path("segm"));
    }

    private static void assertMeans(List<CategoryCurves> curves, JsonNode stats) {
        DetectionMeans means = DetectionMeans.of(curves);
        assertThat(means.averagePrecision(0).orElseThrow())
                .isCloseTo(stats.path("AP").asDouble(), within(0.01));
        assertThat(means.averagePrecisionAt(0.5).orElseThrow())
                .isCloseTo(stats.path("AP50").asDouble(), within(0.01));
    }

    private static List<JsonNode> results(String task) {
        List<JsonNode> results = new ArrayList<>();
        for (JsonNode line : LINES) {
            if (line.path("prefix").asText().startsWith(task)) {
                for (JsonNode object : line.path("objects")) {
                    ObjectNode result = object.deepCopy();
                    result.put("image_id", IMAGES.get(line.path("image").asText()));
                    result.put(
                            "category_id", CATEGORIES.get(object.path("label").asText()));
                    results.add(result);
                }
            }
        }
        return results;
    }
}
