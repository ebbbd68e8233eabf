package io.palispark.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.palispark.SparkFixture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoJobTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    static Path folder;

    private static DemoJob.Result result;

    @BeforeAll
    static void run() throws IOException {
        result = DemoJob.run(SparkFixture.session(), folder, List.of("split.near-duplicates=false"));
    }

    @Test
    void byTheOfficialRulesTheNumbersAreThoseOfTheStandInsMakers() throws IOException {
        JsonNode official = metrics("official/metrics");
        JsonNode expected = JSON.readTree(
                Path.of("src/main/resources/io/palispark/demo/expected.json").toFile());

        for (String number : List.of("AP", "AP50")) {
            for (String shapes : List.of("boxes", "masks")) {
                assertThat(official.path(shapes).path("scored").path(number).asDouble())
                        .isCloseTo(expected.path(shapes).path(number).asDouble(), within(0.01));
            }
        }
        for (String number :
                List.of("/masks/mean_iou", "/referring/miou", "/codec_ceiling/mean_iou", "/vqa/accuracy")) {
            assertThat(official.at(number).asDouble())
                    .isCloseTo(expected.at(number).asDouble(), within(0.01));
        }
    }

    @Test
    void ourScoresRankBetterThanTheOfficialOnes() throws IOException {
        JsonNode ours = metrics("metrics");
        JsonNode official = metrics("official/metrics");

        for (String shapes : List.of("boxes", "masks")) {
            assertThat(ours.path(shapes).path("scored").path("AP").asDouble())
                    .isGreaterThan(
                            official.path(shapes).path("scored").path("AP").asDouble() + 0.01);
        }
    }

    @Test
    void everyPictureHasALineOfItsOwn() throws IOException {
        JsonNode manifest =
                JSON.readTree(folder.resolve("metrics/manifest.json").toFile());
        long lines = 0;
        for (JsonNode shard : manifest.path("shards")) {
            for (String line : Files.readAllLines(
                    folder.resolve("metrics").resolve(shard.path("path").asText()))) {
                assertThat(JSON.readTree(line).path("image").asText()).startsWith("scene_");
                lines++;
            }
        }
        assertThat(lines).isEqualTo(96);
    }

    @Test
    void theTableHoldsBothAndThePageIsThere() {
        assertThat(result.numbers()).contains("box AP ", "0.9016", "codec ceiling", "CIDEr", "VQA");
        assertThat(Path.of(result.page())).isNotEmptyFile();
        assertThat(folder.resolve("predictions/coco_results_segm.json")).isNotEmptyFile();
    }

    @Test
    void everyFileOfEveryFolderHasItsHash() throws IOException {
        for (String name : List.of("dataset", "predictions", "metrics")) {
            List<String> unhashed = new ArrayList<>();
            boolean sound = DatasetInspection.run(folder.resolve(name).toString(), line -> {
                if (line.path("verdict").asText().equals("unhashed")) {
                    unhashed.add(line.path("file").asText());
                }
            });
            assertThat(sound).as(name).isTrue();
            assertThat(unhashed).as(name).containsExactly("manifest.json");
        }
    }

    private static JsonNode metrics(String name) throws IOException {
        return JSON.readTree(folder.resolve(name).resolve("metrics.json").toFile());
    }
}
