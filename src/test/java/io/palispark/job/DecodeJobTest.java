package io.palispark.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.palispark.SparkFixture;
import io.palispark.job.Prediction.Answer;
import io.palispark.job.Prediction.DetectedObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DecodeJobTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String BOX = "<loc0100><loc0200><loc0900><loc0800>";
    private static final String CODES = "<seg034><seg101><seg100><seg008><seg117><seg116><seg022><seg057>"
            + "<seg102><seg028><seg028><seg022><seg118><seg064><seg026><seg006>";

    @TempDir
    Path folder;

    @Test
    void everyLineEndsAsOnePredictionOrOneReject() throws IOException {
        write(
                "answers.jsonl",
                line("a.jpg", "detect mug", BOX + " mug"),
                "{\"image\":\"a.jpg\",\"prefix\":\"detect star\",\"suffix\":\"\",\"width\":320,\"height\":240}",
                line("a.jpg", "detect mug", BOX + " another answer"),
                line("b.jpg", "segment mug", BOX + CODES + " mug ; " + BOX + CODES + " mug"),
                "{\"image\":\"c.jpg\",\"prefix\":\"detect mug\",\"text\":\"" + BOX + " mug\"}",
                "",
                "{\"image\":\"d.jpg\"",
                "{\"image\":\"d.jpg\",\"prefix\":\"detect mug\"}",
                "{\"image\":\"d.jpg\",\"text\":\"" + "x".repeat(2000) + "\"}",
                "{\"image\":\"e.jpg\",\"text\":\"a\",\"token_ids\":[7],\"token_logprobs\":[0.5]}");

        DecodeResult result = decode(
                "predictions",
                "input.path=" + folder.resolve("answers.jsonl"),
                "limits.line-bytes=1000",
                "gates.max-reject-ratio=1");

        assertThat(result.counts())
                .containsEntry("input", 9L)
                .containsEntry("rows", 4L)
                .containsEntry("answered", 3L)
                .containsEntry("failure:image-size-missing", 1L)
                .containsEntry("rejected", 5L)
                .containsEntry("reject:row-duplicate", 1L)
                .containsEntry("reject:syntax-invalid", 1L)
                .containsEntry("reject:key-missing", 1L)
                .containsEntry("reject:text-too-long", 1L)
                .containsEntry("reject:number-invalid", 1L)
                .containsEntry("objects", 2L)
                .containsEntry("masks", 1L)
                .containsEntry("defect:object-repeated", 1L);
        assertThat(predictions("predictions"))
                .extracting(prediction -> prediction.image() + " " + prediction.prefix())
                .containsExactly("a.jpg detect mug", "a.jpg detect star", "b.jpg segment mug", "c.jpg detect mug");
        assertThat(Files.readString(only(folder.resolve("predictions/rejects"))))
                .contains("\"reason\":\"row-duplicate\"", "answers.jsonl byte 0");
    }

    @Test
    void boxesAreInPixelsAndMasksOnThePicture() throws IOException {
        write("answers.jsonl", line("b.jpg", "segment mug", BOX + CODES + " mug"));

        decode("predictions", "input.path=" + folder.resolve("answers.jsonl"));

        Answer answer = (Answer) predictions("predictions").get(0).outcome();
        DetectedObject mug = answer.objects().get(0);
        assertThat(mug.box().x()).isEqualTo(200 / 1023.0 * 320);
        assertThat(mug.box().bottom()).isEqualTo(900 / 1023.0 * 240);
        assertThat(mug.score()).isEqualTo(1);
        assertThat(mug.mask().orElseThrow().size()).isEqualTo(answer.size().orElseThrow());
        assertThat(mug.mask().orElseThrow().bounds().iou(mug.box())).isGreaterThan(0.8);
    }

    @Test
    void theSameLinesGiveTheSameShardsHoweverTheyAreCutAndOrdered() throws IOException {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            lines.add(line("%03d.jpg".formatted(i % 50), "segment mug " + i, BOX + CODES + " mug " + i));
        }
        write("one/answers.jsonl", lines.toArray(String[]::new));
        Collections.shuffle(lines, new Random(4));
        write("two/a.jsonl", lines.subList(0, 120).toArray(String[]::new));
        write("two/b.jsonl", lines.subList(120, 300).toArray(String[]::new));

        decode("first", "input.path=" + folder.resolve("one"), "output.shard-bytes=16 KiB");
        decode("second", "input.path=" + folder.resolve("two"), "output.shard-bytes=16 KiB");

        assertThat(manifest("first").path("shards").size()).isGreaterThan(2);
        assertThat(manifest("first").path("shards"))
                .isEqualTo(manifest("second").path("shards"));
    }

    @Test
    void aManifestOfAnotherConventionIsRefusedUnlessTheRuleIsSet() throws IOException {
        write("answers.jsonl", line("a.jpg", "detect mug", BOX + " mug"));
        decode("other", "input.path=" + folder.resolve("answers.jsonl"), "convention={bins=1024}");

        assertThatThrownBy(() -> decode("again", "input.path=" + folder.resolve("other")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("was written with 1024 and would be read with 1023");
        assertThat(decode("again", "input.path=" + folder.resolve("other"), "convention={bins=1024}")
                        .counts())
                .containsEntry("objects", 1L);
        assertThat(decode("forced", "input.path=" + folder.resolve("other"), "convention={bins=1023}")
                        .counts())
                .containsEntry("objects", 1L);
    }

    @Test
    void groundTruthGivesSizesAndTheIdsOfResultFiles() throws IOException {
        write(
                "truth.json",
                "{\"images\":[{\"id\":7,\"file_name\":\"train/a.jpg\",\"height\":240,\"width\":320}],"
                        + "\"categories\":[{\"id\":3,\"name\":\"mug\"}],\"annotations\":[]}");
        write(
                "answers.jsonl",
                "{\"image\":\"a.jpg\",\"prefix\":\"segment mug\",\"text\":\"" + BOX + CODES + " mug ; " + BOX
                        + " jug\"}");

        DecodeResult result = decode(
                "predictions",
                "input.path=" + folder.resolve("answers.jsonl"),
                "input.ground-truth=" + folder.resolve("truth.json"),
                "output.coco-results=true");

        JsonNode boxes = JSON.readTree(Path.of(result.files().get(0)).toFile());
        JsonNode masks = JSON.readTree(Path.of(result.files().get(1)).toFile());
        assertThat(boxes).hasSize(1);
        assertThat(boxes.get(0).path("image_id").asInt()).isEqualTo(7);
        assertThat(boxes.get(0).path("category_id").asInt()).isEqualTo(3);
        assertThat(masks.get(0).path("segmentation").path("size").toString()).isEqualTo("[240,320]");
    }

    @Test
    void tooManyRejectsPublishNothing() throws IOException {
        write("answers.jsonl", line("a.jpg", "detect mug", BOX + " mug"), "no json", "no json either");

        assertThatThrownBy(() -> decode("predictions", "input.path=" + folder.resolve("answers.jsonl")))
                .isInstanceOf(GateException.class)
                .hasMessageContaining("66.7 %");
        assertThat(folder.resolve("predictions/manifest.json")).doesNotExist();
        assertThat(folder.resolve("predictions/rejects")).isNotEmptyDirectory();
    }

    private static String line(String image, String prefix, String text) {
        return JSON.createObjectNode()
                .put("image", image)
                .put("prefix", prefix)
                .put("text", text)
                .put("width", 320)
                .put("height", 240)
                .toString();
    }

    private void write(String name, String... lines) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.write(file, List.of(lines));
    }

    private DecodeResult decode(String output, String... settings) throws IOException {
        List<String> all = new ArrayList<>(List.of(settings));
        all.add("output.path=" + folder.resolve(output));
        return DecodeJob.run(SparkFixture.session(), DecodeConfig.read(Optional.empty(), all));
    }

    private JsonNode manifest(String output) throws IOException {
        return JSON.readTree(folder.resolve(output).resolve("manifest.json").toFile());
    }

    private List<Prediction> predictions(String output) throws IOException {
        List<Prediction> predictions = new ArrayList<>();
        for (JsonNode shard : manifest(output).path("shards")) {
            for (String line : Files.readAllLines(
                    folder.resolve(output).resolve(shard.path("path").asText()))) {
                predictions.add(new PredictionJson().read(line));
            }
        }
        return predictions;
    }

    private static Path only(Path directory) throws IOException {
        try (var files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(".jsonl"))
                    .findFirst()
                    .orElseThrow();
        }
    }
}
