package io.palispark.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.palispark.SparkFixture;
import io.palispark.report.PictureGrid;
import io.palispark.spark.OutputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A label and a text that would be a script in a careless page, decoded, evaluated and reported. */
class ReportJobTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path DEMO = Path.of("src/main/resources/io/palispark/demo");
    private static final String HOSTILE = "<img src=x onerror=alert(1)>";

    @TempDir
    Path folder;

    @Test
    void pagesShowForeignTextAsTextAndLoadNothingFromElsewhere() throws IOException {
        report("input.metrics=" + folder.resolve("metrics"), "input.images=" + DEMO.resolve("images"));

        for (String page : List.of("index", "dataset", "predictions", "metrics", "run")) {
            String html = Files.readString(folder.resolve("report/" + page + ".html"));
            assertThat(html).doesNotContain("<img src=x", "src=\"//");
            assertThat(html.replace("http://www.w3.org/2000/svg", "")).doesNotContain("http:", "https:");
            assertThat(html).contains("default-src 'none'", "aria-current=\"page\"");
        }
        assertThat(Files.readString(folder.resolve("report/metrics.html")))
                .contains("&lt;img src=x onerror=alert(1)&gt;");
    }

    @Test
    void theGridHoldsGroundTruthBesidePredictionAndAPictureOfItsOwn() throws IOException {
        report("input.images=" + DEMO.resolve("images"));

        JsonNode picture = pictures().get(0);
        assertThat(picture.path("name").asText()).isEqualTo("scene_001001.jpg");
        assertThat(picture.path("truth")).hasSize(1);
        assertThat(picture.path("predicted").get(0).path("label").asText()).isEqualTo(HOSTILE);
        assertThat(picture.path("iou").asDouble()).isEqualTo(0.25);
        assertThat(folder.resolve("report").resolve(picture.path("image").asText()))
                .isNotEmptyFile();
    }

    @Test
    void allPicturesAreListedUpToTheLimitThatThePageStates() throws IOException {
        report();
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < 45; i++) {
            for (String prefix : List.of("detect star", "caption en")) {
                lines.add(JSON.createObjectNode()
                        .put("image", "picture%02d.jpg".formatted(i))
                        .put("prefix", prefix)
                        .put("text", "")
                        .toString());
            }
        }
        Files.write(folder.resolve("many.jsonl"), lines);
        DecodeJob.run(
                SparkFixture.session(),
                DecodeConfig.read(
                        Optional.empty(),
                        List.of(
                                "input.path=" + folder.resolve("many.jsonl"),
                                "output.path=" + folder.resolve("many"))));

        run("input.predictions=" + folder.resolve("many"));
        assertThat(pictures())
                .hasSize(45)
                .allSatisfy(picture -> assertThat(picture.path("texts")).hasSize(2));
        assertThat(folder.resolve("report/data/pictures-2.js")).exists();

        run("input.predictions=" + folder.resolve("many"), "limits.pictures=30");
        assertThat(pictures()).hasSize(30);
        assertThat(Files.readString(folder.resolve("report/predictions.html")))
                .contains("30 of 45 pictures are here (limits.pictures = 30)");
    }

    @Test
    void withoutPicturesAndMetricsThePagesStandAllTheSame() throws IOException {
        report();

        assertThat(pictures().get(0).has("image")).isFalse();
        assertThat(Files.readString(folder.resolve("report/metrics.html")))
                .contains("No metrics were given to this report.");
    }

    @Test
    void aFolderWithoutAManifestIsNamed() {
        assertThatThrownBy(() -> run("input.predictions=" + folder.resolve("nowhere")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("nowhere: it has no manifest of predictions");
    }

    @Test
    void aReportIntoAFolderThatAnotherOneWritesIsRefusedByName() throws IOException {
        try (OutputClaim other = OutputClaimTest.held(folder.resolve("report"), "report")) {
            assertThatThrownBy(this::run)
                    .isInstanceOf(OutputException.class)
                    .hasMessageContaining("Cannot write " + other.output().root() + ": the run of report");
        }
        assertThat(folder.resolve("report")).isEmptyDirectory();
    }

    private void report(String... settings) throws IOException {
        String label = JSON.writeValueAsString(HOSTILE);
        Files.writeString(
                folder.resolve("truth.json"),
                "{\"images\":[{\"id\":1001,\"file_name\":\"scene_001001.jpg\",\"height\":240,\"width\":320}],"
                        + "\"categories\":[{\"id\":1,\"name\":" + label
                        + "}],\"annotations\":[{\"id\":1,\"image_id\":1001,"
                        + "\"category_id\":1,\"bbox\":[0,0,160,120],\"area\":19200,\"iscrowd\":0}]}");
        Files.writeString(
                folder.resolve("answers.jsonl"),
                JSON.createObjectNode()
                        .put("image", "scene_001001.jpg")
                        .put("prefix", "detect " + HOSTILE)
                        .put("text", "<loc0000><loc0000><loc1023><loc1023> " + HOSTILE)
                        .put("width", 320)
                        .put("height", 240)
                        .toString());
        DecodeJob.run(
                SparkFixture.session(),
                DecodeConfig.read(
                        Optional.empty(),
                        List.of(
                                "input.path=" + folder.resolve("answers.jsonl"),
                                "output.path=" + folder.resolve("predictions"))));
        EvaluateJob.run(
                SparkFixture.session(),
                EvaluateConfig.read(
                        Optional.empty(),
                        List.of(
                                "input.predictions=" + folder.resolve("predictions"),
                                "input.ground-truth=" + folder.resolve("truth.json"),
                                "output.path=" + folder.resolve("metrics"))));
        List<String> all = new ArrayList<>(List.of(settings));
        all.add("input.predictions=" + folder.resolve("predictions"));
        all.add("input.ground-truth=" + folder.resolve("truth.json"));
        run(all.toArray(String[]::new));
    }

    private void run(String... settings) throws IOException {
        List<String> all = new ArrayList<>(List.of(settings));
        all.add("output.path=" + folder.resolve("report"));
        ReportJob.run(SparkFixture.session(), ReportConfig.read(Optional.empty(), all));
    }

    /** The pictures of the index, each with its details. */
    private List<ObjectNode> pictures() throws IOException {
        JsonNode index = JSON.readTree(argument("data/index.js", "palispark.index("));
        List<ObjectNode> pictures = new ArrayList<>();
        JsonNode details = JSON.createArrayNode();
        for (JsonNode picture : index.path("pictures")) {
            int place = pictures.size() % PictureGrid.PICTURES_PER_FILE;
            int file = pictures.size() / PictureGrid.PICTURES_PER_FILE;
            if (place == 0) {
                details = JSON.readTree(
                        argument(index.path("files").asText() + file + ".js", "palispark.details(" + file + ", "));
            }
            ObjectNode whole = picture.deepCopy();
            whole.setAll((ObjectNode) details.get(place));
            pictures.add(whole);
        }
        return pictures;
    }

    private String argument(String file, String call) throws IOException {
        String script = Files.readString(folder.resolve("report").resolve(file));
        assertThat(script).startsWith(call).endsWith(");\n");
        return script.substring(call.length(), script.length() - 3);
    }
}
