package io.palispark.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.palispark.SparkFixture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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

    private JsonNode pictures() throws IOException {
        String html = Files.readString(folder.resolve("report/predictions.html"));
        Matcher data = Pattern.compile("id=\"pictures\">(.*?)</script>", Pattern.DOTALL)
                .matcher(html);
        assertThat(data.find()).isTrue();
        return JSON.readTree(data.group(1));
    }
}
