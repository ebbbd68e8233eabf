package io.palispark.job;

import static org.assertj.core.api.Assertions.assertThat;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The stand-in checkpoint's texts, as transformers generated them, through decode and evaluate. */
class DemoEvaluationTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path ANNOTATIONS = Path.of("src/main/resources/io/palispark/demo/annotations");

    @TempDir
    Path folder;

    @Test
    void theTextsOfTheStandInHaveTheNumbersOfItsMakers() throws IOException {
        JsonNode expected =
                JSON.readTree(SharedFolder.require("demo/expected.json").toFile());
        writeAnswers(expected);

        decode("predictions", "scores.rule=label", "masks.paste=floored");
        JsonNode metrics = evaluate("predictions");

        JsonNode wanted = expected.path("metrics");
        for (String number : CategorySummary.NAMES) {
            assertThat(metrics.path("boxes").path("scored").path(number).asDouble(-1))
                    .isCloseTo(wanted.path("box").path(number).asDouble(), within(6e-5));
            assertThat(metrics.path("boxes").path("constant_score").path(number).asDouble(-1))
                    .isCloseTo(wanted.path("box_score_one").path(number).asDouble(), within(6e-5));
            assertThat(metrics.path("masks").path("scored").path(number).asDouble(-1))
                    .isCloseTo(wanted.path("segm").path(number).asDouble(), within(6e-5));
        }
        assertThat(metrics.path("masks").path("mean_iou").asDouble())
                .isCloseTo(wanted.path("segment_mean_iou_matched").asDouble(), within(6e-5));
        assertThat(metrics.path("referring").path("miou").asDouble())
                .isCloseTo(wanted.path("segment_miou_single_instance").asDouble(), within(6e-5));
        assertThat(metrics.path("referring").path("expressions").asInt())
                .isEqualTo(wanted.path("segment_single_count").asInt());
        assertThat(metrics.path("codec_ceiling").path("mean_iou").asDouble())
                .isCloseTo(wanted.path("codec_round_trip_mean_iou").asDouble(), within(6e-5));
        assertThat(metrics.path("vqa").path("questions").asInt())
                .isEqualTo(wanted.path("vqa_count").asInt());
        assertThat(metrics.path("vqa").path("accuracy").asDouble())
                .isCloseTo(wanted.path("vqa_exact").asDouble(), within(6e-5));
        assertThat(metrics.path("captions").path("captions").asInt()).isEqualTo(96);
    }

    @Test
    void resultFilesHaveTheSameNumbersAsThePredictionsThatTheyCameFrom() throws IOException {
        writeAnswers(JSON.readTree(SharedFolder.require("demo/expected.json").toFile()));
        decode(
                "predictions",
                "output.coco-results=true",
                "output.shard-bytes=64 KiB",
                "input.ground-truth=" + ANNOTATIONS.resolve("instances.json"));

        JsonNode whole = evaluate("predictions");
        JsonNode boxes = evaluate("predictions/coco_results.json");
        JsonNode masks = evaluate("predictions/coco_results_segm.json");

        assertThat(boxes.path("boxes")).isEqualTo(whole.path("boxes"));
        assertThat(masks.path("masks")).isEqualTo(whole.path("masks"));
    }

    private void writeAnswers(JsonNode expected) throws IOException {
        List<String> lines = new ArrayList<>();
        for (JsonNode image : expected.path("images")) {
            for (JsonNode output : image.path("outputs")) {
                ObjectNode line = JSON.createObjectNode();
                line.put("image", image.path("file_name").asText());
                line.put("prefix", output.path("prompt").asText());
                line.put("text", output.path("text").asText());
                line.put("width", image.path("width").asInt());
                line.put("height", image.path("height").asInt());
                line.set("token_ids", output.path("ids"));
                line.set("token_logprobs", output.path("logprobs"));
                lines.add(line.toString());
            }
        }
        Files.write(folder.resolve("answers.jsonl"), lines);
    }

    private void decode(String output, String... settings) throws IOException {
        List<String> all = new ArrayList<>(List.of(settings));
        all.add("input.path=" + folder.resolve("answers.jsonl"));
        all.add("scores.tokenizer=standin");
        all.add("output.path=" + folder.resolve(output));
        DecodeJob.run(SparkFixture.session(), DecodeConfig.read(Optional.empty(), all));
    }

    private JsonNode evaluate(String predictions) throws IOException {
        List<String> settings = List.of(
                "input.predictions=" + folder.resolve(predictions),
                "input.ground-truth=" + ANNOTATIONS,
                "metrics.referring=true",
                "metrics.codec-ceiling=true",
                "output.path=" + folder.resolve("metrics"));
        return EvaluateJob.run(SparkFixture.session(), EvaluateConfig.read(Optional.empty(), settings))
                .metrics();
    }
}
