package io.palispark.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.palispark.SparkFixture;
import io.palispark.paligemma.Precision;
import io.palispark.paligemma.ScaledCheckpoint;
import io.palispark.paligemma.StandInCheckpoint;
import io.palispark.tensor.InferenceException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Pictures of the demo corpus and the stand-in checkpoint through the whole job. */
class GenerateJobTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path IMAGES = Path.of("src/main/resources/io/palispark/demo/images");
    private static final String DETECT = "detect apple ; banana ; donut ; fish ; leaf ; mug ; mushroom ; star";

    @TempDir
    Path folder;

    @Test
    void linesHoldWhatTheReferenceAnswers() throws IOException {
        List<String> rows = new ArrayList<>();
        Map<String, JsonNode> expected = new TreeMap<>();
        for (JsonNode picture : expectation().path("images")) {
            if (rows.size() < 40) {
                for (JsonNode answer : picture.path("outputs")) {
                    rows.add(row(
                            picture.path("file_name").asText(),
                            answer.path("prompt").asText()));
                    expected.put(
                            picture.path("file_name").asText()
                                    + answer.path("prompt").asText(),
                            answer);
                }
            }
        }

        GenerateResult result = generate("out", rows, "generate.constrain=off", "input.images=" + IMAGES);

        assertThat(result.count("answered")).isEqualTo(rows.size());
        List<JsonNode> lines = lines("out");
        assertThat(lines).hasSameSizeAs(rows);
        for (JsonNode line : lines) {
            JsonNode answer = expected.remove(
                    line.path("image").asText() + line.path("prefix").asText());
            assertThat(line.path("token_ids")).isEqualTo(answer.path("ids"));
            assertThat(line.path("text")).isEqualTo(answer.path("text"));
            assertThat(line.path("finish").asText()).isEqualTo("eos");
        }
        assertThat(expected).isEmpty();
    }

    @Test
    void objectsCarryPixelsMasksAndTheProbabilitiesOfTheirTokens() throws IOException {
        generate("out", List.of(row("scene_001001.jpg", "segment apple")), "input.images=" + IMAGES);

        JsonNode line = lines("out").get(0);
        JsonNode apple = line.path("objects").get(0);
        assertThat(line.path("width").asInt()).isEqualTo(320);
        assertThat(apple.path("label").asText()).isEqualTo("apple");
        assertThat(apple.path("bbox").get(0).asDouble()).isBetween(4.0, 7.0);
        assertThat(apple.path("segmentation").path("size").get(0).asInt()).isEqualTo(240);
        assertThat(apple.path("scores").path("label").asDouble())
                .isEqualTo(Math.exp(line.path("token_logprobs").get(20).asDouble()));
        assertThat(apple.path("scores").path("box").asDouble()).isBetween(0.05, 0.09);
        assertThat(apple.path("scores").path("mask").asDouble()).isBetween(0.3, 0.6);
    }

    @Test
    void everyRequestHasExactlyOneLineOrOneReject() throws IOException {
        Files.copy(IMAGES.resolve("scene_001001.jpg"), folder.resolve("good.jpg"));
        Files.writeString(folder.resolve("page.jpg"), "<html></html>");
        byte[] whole = Files.readAllBytes(IMAGES.resolve("scene_001008.jpg"));
        Files.write(folder.resolve("cut.jpg"), java.util.Arrays.copyOf(whole, whole.length / 2));

        GenerateResult result = generate(
                "out",
                List.of(
                        row("good.jpg", "caption en"),
                        row("good.jpg", "caption en"),
                        row("good.jpg", DETECT),
                        row("page.jpg", DETECT),
                        row("cut.jpg", DETECT),
                        row("none.jpg", DETECT),
                        row("../good.jpg", DETECT),
                        row("good.jpg", "caption <image> en"),
                        row("good.jpg", "word ".repeat(1000)),
                        "{\"image\":\"good.jpg\"}",
                        "no json"),
                "input.images=" + folder,
                "gates.max-reject-ratio=1");

        Map<String, String> codes = new TreeMap<>();
        for (JsonNode line : lines("out")) {
            String code = line.path("error").path("code").asText("ok");
            codes.merge(line.path("image").asText(), code, (one, other) -> one + " " + other);
        }
        assertThat(codes)
                .isEqualTo(Map.of(
                        "good.jpg", "ok ok",
                        "page.jpg", "image-kind-unknown",
                        "cut.jpg", "image-truncated",
                        "none.jpg", "image-missing",
                        "../good.jpg", "image-missing"));
        assertThat(result.count("reject:request-malformed")).isEqualTo(4);
        assertThat(result.count("images")).isEqualTo(1);
        assertThat(result.count("rows")).isEqualTo(6);
    }

    @Test
    void aModelWithoutFiniteLogitsGivesErrorsAndNoText() throws IOException {
        Path checkpoint = Files.createDirectory(folder.resolve("checkpoint"));
        ScaledCheckpoint.write(
                StandInCheckpoint.folder(),
                checkpoint,
                "language_model.model.layers.1.mlp.down_proj.weight",
                Float.POSITIVE_INFINITY);

        GenerateResult result = generate(
                "out",
                List.of(row("scene_001001.jpg", "caption en"), row("scene_001001.jpg", DETECT)),
                "input.images=" + IMAGES,
                "model.path=" + checkpoint,
                "gates.max-reject-ratio=1");

        assertThat(result.count("failure:logits-not-finite")).isEqualTo(2);
        for (JsonNode line : lines("out")) {
            assertThat(line.path("status").asText()).isEqualTo("error");
            assertThat(line.path("error").path("code").asText()).isEqualTo("logits-not-finite");
            assertThat(line.path("error").path("detail").asText()).contains("after 0 tokens");
        }
    }

    @Test
    void beamsFindNothingLessProbableAndOnlyWholeObjects() throws IOException {
        List<String> rows = new ArrayList<>();
        for (String image : List.of("scene_001001.jpg", "scene_001008.jpg", "scene_001015.png", "scene_001022.jpg")) {
            rows.add(row(image, DETECT));
        }
        generate("greedy", rows, "input.images=" + IMAGES);

        generate("beams", rows, "input.images=" + IMAGES, "generate.beams=3", "generate.length-penalty=0");

        double greedy = lines("greedy").stream()
                .mapToDouble(GenerateJobTest::logProbability)
                .sum();
        assertThat(lines("beams"))
                .hasSize(4)
                .allSatisfy(line -> assertThat(line.path("defects")).isEmpty());
        assertThat(lines("beams").stream()
                        .mapToDouble(GenerateJobTest::logProbability)
                        .sum())
                .isGreaterThanOrEqualTo(greedy);
    }

    private static double logProbability(JsonNode line) {
        double sum = 0;
        for (JsonNode token : line.path("token_logprobs")) {
            sum += token.doubleValue();
        }
        return sum;
    }

    @Test
    void theSameRequestsGiveTheSameBytes() throws IOException {
        List<String> rows = new ArrayList<>();
        for (String image : List.of("scene_001001.jpg", "scene_001008.jpg", "scene_001015.png", "scene_001022.jpg")) {
            rows.add(row(image, DETECT));
            rows.add(row(image, "caption en"));
        }
        String[] overrides = {"generate.temperature=1.2", "output.part-rows=3", "input.images=" + IMAGES};

        GenerateResult first = generate("out", rows, overrides);
        byte[] manifest = Files.readAllBytes(folder.resolve("out/manifest.json"));
        java.util.Collections.reverse(rows);
        GenerateResult again = generate("out", rows, overrides);

        assertThat(again.fingerprint()).isEqualTo(first.fingerprint());
        assertThat(JSON.readTree(manifest).path("shards").size()).isGreaterThan(1);
    }

    @Test
    void anUnfinishedRunIsContinuedAndItsFinishedPartsAreNotMadeAgain() throws IOException {
        Path images = Files.createDirectory(folder.resolve("images"));
        List<String> names = List.of("scene_001001.jpg", "scene_001008.jpg", "scene_001022.jpg", "scene_001029.jpg");
        List<String> rows = names.stream().map(name -> row(name, "caption en")).toList();
        for (String name : names.subList(1, 4)) {
            Files.copy(IMAGES.resolve(name), images.resolve(name));
        }
        String[] overrides = {"input.images=" + images, "gates.max-reject-ratio=0", "output.part-rows=1"};
        assertThatThrownBy(() -> generate("out", rows, overrides))
                .isInstanceOf(GateException.class)
                .hasMessageContaining("image-missing");
        assertThat(folder.resolve("out/manifest.json")).doesNotExist();
        FileTime before = FileTime.fromMillis(1_000_000_000_000L);
        try (var staged = Files.walk(folder.resolve("out/_staging"))) {
            for (Path file : staged.filter(Files::isRegularFile).toList()) {
                Files.setLastModifiedTime(file, before);
            }
        }
        Files.copy(IMAGES.resolve(names.get(0)), images.resolve(names.get(0)));

        GenerateResult result = generate("out", rows, overrides);

        assertThat(result.count("answered")).isEqualTo(4);
        int made = 0;
        int kept = 0;
        for (JsonNode shard : manifest("out").path("shards")) {
            Path file = folder.resolve("out").resolve(shard.path("path").asText());
            boolean old = Files.getLastModifiedTime(file).equals(before);
            boolean late = Files.readString(file).contains(names.get(0));
            assertThat(old).isNotEqualTo(late);
            kept += old ? 1 : 0;
            made += old ? 0 : 1;
        }
        assertThat(made).isEqualTo(1);
        assertThat(kept).isPositive();
    }

    @Test
    void promptsAreAskedAboutEveryPictureOfAFolder() throws IOException {
        Files.copy(IMAGES.resolve("scene_001001.jpg"), folder.resolve("one.jpg"));
        Files.createDirectory(folder.resolve("below"));
        Files.copy(IMAGES.resolve("scene_001015.png"), folder.resolve("below/two.png"));
        Files.writeString(folder.resolve("notes.txt"), "no picture");

        GenerateResult result = generate(
                "out", List.of(), "input.images=" + folder, "prompt.texts=[\"caption en\", \"" + DETECT + "\"]");

        assertThat(result.count("answered")).isEqualTo(4);
        assertThat(lines("out"))
                .extracting(line -> line.path("image").asText())
                .containsOnly("one.jpg", "below/two.png");
    }

    @Test
    void anAcceleratorThatIsNotThereIsRefusedAtTheStart() {
        assertThatThrownBy(() ->
                        generate("out", List.of(row("a.jpg", DETECT)), "input.images=" + IMAGES, "model.device=cuda"))
                .isInstanceOf(InferenceException.class)
                .hasMessageContaining("onnxruntime_gpu");
    }

    @Test
    void wrongSettingsAreToldTogether() {
        assertThatThrownBy(() -> GenerateConfig.read(
                        Optional.empty(), List.of("generate.batch=0", "model.device=tpu", "generate.constrian=off")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("generate.batch")
                .hasMessageContaining("'tpu' is not one of cpu | cuda")
                .hasMessageContaining("generate.constrian: unknown key")
                .hasMessageContaining("input.rows: required, or prompt.texts");
    }

    @ParameterizedTest
    @CsvSource({"cpu, bfloat16, cuda", "cpu, float16, cuda", "cuda, int8, cpu", "cuda, int4, cpu"})
    void aPrecisionOfTheOtherDeviceIsRefused(String device, String precision, String other) {
        assertThatThrownBy(() -> GenerateConfig.read(
                        Optional.empty(), List.of("model.device=" + device, "model.precision=" + precision)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("model.precision: " + precision + " is for model.device = " + other);
    }

    @ParameterizedTest
    @ValueSource(strings = {"float32", "bfloat16", "float16"})
    void cudaTakesTheFloatingPointTypes(String precision) {
        assertThat(GenerateConfig.readModel(List.of("model.device=cuda", "model.precision=" + precision))
                        .precision())
                .isEqualTo(Precision.valueOf(precision.toUpperCase(Locale.ROOT)));
    }

    private GenerateResult generate(String output, List<String> rows, String... overrides) throws IOException {
        List<String> settings = new ArrayList<>(List.of("output.path=" + folder.resolve(output)));
        if (!rows.isEmpty()) {
            settings.add("input.rows=" + Files.write(folder.resolve("rows.jsonl"), rows));
        }
        settings.addAll(List.of(overrides));
        return GenerateJob.run(SparkFixture.session(), GenerateConfig.read(Optional.empty(), settings));
    }

    private static String row(String image, String prefix) {
        return JSON.createObjectNode().put("image", image).put("prefix", prefix).toString();
    }

    private static JsonNode expectation() throws IOException {
        try (InputStream json =
                new GZIPInputStream(GenerateJobTest.class.getResourceAsStream("/io/palispark/demo/expected.json.gz"))) {
            return JSON.readTree(json);
        }
    }

    private JsonNode manifest(String output) throws IOException {
        return JSON.readTree(folder.resolve(output).resolve("manifest.json").toFile());
    }

    private List<JsonNode> lines(String output) throws IOException {
        List<JsonNode> lines = new ArrayList<>();
        for (JsonNode shard : manifest(output).path("shards")) {
            for (String line : Files.readAllLines(
                    folder.resolve(output).resolve(shard.path("path").asText()))) {
                lines.add(JSON.readTree(line));
            }
        }
        return lines;
    }
}
