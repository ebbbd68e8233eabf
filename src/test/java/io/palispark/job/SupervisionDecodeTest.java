package io.palispark.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.palispark.SharedFolder;
import io.palispark.SparkFixture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The strings of supervision's own test through the {@code decode} job, by the demo's bins as supervision has them. */
@Tag("fetched")
class SupervisionDecodeTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;

    @Test
    void theJobGivesTheBoxesThatSupervisionStates() throws IOException {
        TreeMap<String, JsonNode> cases = new TreeMap<>();
        List<String> lines = new ArrayList<>();
        JsonNode all = JSON.readTree(SharedFolder.require("fixtures/fetched/supervision/paligemma-cases.json")
                        .toFile())
                .path("cases");
        for (JsonNode item : all) {
            // 1024 is no location token: it is read as bin 1023, the end of the image
            if (!item.path("boxes_xyxy").isEmpty()
                    && !item.path("text").asText().contains("<loc1024>")) {
                String image = "%03d.jpg".formatted(cases.size());
                cases.put(image, item);
                lines.add(JSON.createObjectNode()
                        .put("image", image)
                        .put("text", item.path("text").asText())
                        .put("width", item.path("width").asInt())
                        .put("height", item.path("height").asInt())
                        .toString());
            }
        }
        Files.write(folder.resolve("answers.jsonl"), lines);
        DecodeJob.run(
                SparkFixture.session(),
                DecodeConfig.read(
                        Optional.empty(),
                        List.of(
                                "input.path=" + folder.resolve("answers.jsonl"),
                                "convention.bins=1024",
                                "guardrails.reversed-boxes=keep",
                                "output.path=" + folder.resolve("out"))));

        PredictionFolder.find(
                        io.palispark.spark.Storage.of(SparkFixture.session()),
                        folder.resolve("out").toString())
                .orElseThrow()
                .forEach(prediction -> compare(prediction, cases.remove(prediction.image())));
        assertThat(lines).hasSize(36);
        assertThat(cases).isEmpty();
    }

    private static void compare(Prediction prediction, JsonNode expected) {
        List<Prediction.DetectedObject> objects = ((Prediction.Answer) prediction.outcome()).objects();
        assertThat(objects)
                .as(expected.toString())
                .hasSize(expected.path("boxes_xyxy").size());
        for (int i = 0; i < objects.size(); i++) {
            JsonNode edges = expected.path("boxes_xyxy").get(i);
            assertThat(new double[] {
                        objects.get(i).box().x(),
                        objects.get(i).box().y(),
                        objects.get(i).box().right(),
                        objects.get(i).box().bottom()
                    })
                    .as(expected.toString())
                    .containsExactly(
                            new double[] {
                                edges.get(0).asDouble(),
                                edges.get(1).asDouble(),
                                edges.get(2).asDouble(),
                                edges.get(3).asDouble()
                            },
                            within(1e-3));
        }
    }
}
