package io.palispark.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.palispark.SparkFixture;
import io.palispark.dataset.StableHash;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the fine-tuning primer warns of, in the manifest of a prepared dataset. */
class GuardrailsTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path CORPUS = Path.of("src/main/resources/io/palispark/demo");

    private static final List<String> PICTURES =
            List.of("scene_001001.jpg", "scene_001008.jpg", "scene_001022.jpg", "scene_001029.jpg");

    @TempDir
    Path folder;

    @Test
    void thePrimersLocationAnswersAreFoundAndShown() throws IOException {
        prepare("input.annotations=" + locationAnswers());

        JsonNode captions = guardrails().path("captions").path("caption");
        assertThat(captions.path("common_share").asDouble()).isCloseTo(0.8, within(1e-6));
        assertThat(captions.path("largely_similar_pairs").asDouble()).isEqualTo(1);
        assertThat(captions.path("worst").get(0).path("texts").get(0).asText()).startsWith("the object is in the ");
        assertThat(guardrails().path("warnings"))
                .anySatisfy(warning ->
                        assertThat(warning.asText()).startsWith("caption texts are largely the same: 80.0 %"));
        assertThat(Files.readString(folder.resolve("rows/report/index.html")))
                .contains("top-left of the image", "caption texts are largely the same");
    }

    @Test
    void similarTextsCanStopADatasetBeforeItIsPublished() throws IOException {
        Path answers = locationAnswers();

        assertThatThrownBy(() -> prepare("input.annotations=" + answers, "gates.max-similar-texts=0.5"))
                .isInstanceOf(GateException.class)
                .hasMessageContaining("100.0 % of all pairs of captions")
                .hasMessageContaining("gates.max-similar-texts is 0.5");
        assertThat(folder.resolve("rows/manifest.json")).doesNotExist();
    }

    @Test
    void masksThatLoseTooMuchCanStopADataset() {
        assertThatThrownBy(() -> prepare("codec.minimum-iou=0.9", "gates.max-low-masks=0.01"))
                .isInstanceOf(GateException.class)
                .hasMessageContaining("gates.max-low-masks is 0.01");
        assertThatThrownBy(() -> prepare("gates.minimum-mask-iou=0.5"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("codec.minimum-iou");
    }

    @Test
    void masksAreMeasuredWithTheirMeanAndHistogram() throws IOException {
        prepare("codec.minimum-iou=0.5");

        JsonNode masks = guardrails().path("masks");
        long histogram = 0;
        for (JsonNode bin : masks.path("histogram")) {
            histogram += bin.asLong();
        }
        assertThat(masks.path("measured").asLong()).isEqualTo(histogram).isEqualTo(214);
        assertThat(masks.path("mean_iou").asDouble()).isBetween(0.7, 1.0);
    }

    @Test
    void roomOrderAndBalanceAreMeasured() throws IOException {
        prepare("budget.tokens=256");

        JsonNode guardrails = guardrails();
        JsonNode room = guardrails.path("objects").path("capacity");
        assertThat(room.size())
                .isEqualTo(guardrails.path("classes").path("classes").asInt());
        room.forEach(label -> assertThat(label.path("masks").asInt()).isBetween(8, 11));
        assertThat(guardrails.path("order").path("raster").asDouble()).isEqualTo(1);
        assertThat(guardrails.path("order").path("area").asDouble()).isLessThan(1);
        assertThat(guardrails.path("classes").path("objects").asLong()).isEqualTo(214);
    }

    @Test
    void aShuffledOrderIsNoConsistentOrder() throws IOException {
        prepare("order=random");

        assertThat(guardrails().path("order").path("raster").asDouble()).isLessThan(1);
        assertThat(guardrails().path("warnings"))
                .anySatisfy(warning -> assertThat(warning.asText()).contains("no consistent order"));
    }

    @Test
    void aClassThatCannotBeWrittenIsNamedAlthoughItsObjectsAreRejected() throws IOException {
        Path annotations = folder.resolve("instances.json");
        String text = Files.readString(CORPUS.resolve("annotations/instances.json"));
        Files.writeString(annotations, text.replace("\"star\"", "\"star;shape\""));

        prepare("input.annotations=" + annotations);

        assertThat(guardrails().path("labels").path("remarks")).anySatisfy(remark -> {
            assertThat(remark.path("label").asText()).isEqualTo("star;shape");
            assertThat(remark.path("remark").asText()).isEqualTo("unwritable");
        });
    }

    @Test
    void theHandOffFileIsNamedWithItsHashAndHoldsWhatFollowsFromTheRows() throws IOException {
        prepare("training.gpu-memory=24GiB");

        JsonNode named = manifest().path("handoff");
        byte[] bytes = Files.readAllBytes(
                folder.resolve("rows").resolve(named.path("path").asText()));
        assertThat(HexFormat.of().formatHex(StableHash.sha256().digest(bytes)))
                .isEqualTo(named.path("sha256").asText());
        JsonNode handOff = JSON.readTree(bytes);
        int longest = guardrails().path("tokens").path("largest").asInt();
        assertThat(handOff.path("token_length").path("longest").asInt()).isEqualTo(longest);
        assertThat(handOff.path("token_length").path("recommended").asInt()).isBetween(longest, longest + 15);
        assertThat(handOff.path("max_new_tokens").asInt()).isLessThan(longest);
        assertThat(handOff.path("batch").path("recommended").asInt()).isPositive();
        assertThat(handOff.path("learning_rates").get(0).path("learning_rate").asDouble())
                .isEqualTo(0.03);
        assertThat(DatasetInspection.run(folder.resolve("rows").toString(), line -> {}))
                .isTrue();
    }

    @Test
    void aHandOffFileThatWasEditedIsWrittenAgain() throws IOException {
        prepare();
        Path handOff = folder.resolve("rows")
                .resolve(manifest().path("handoff").path("path").asText());
        byte[] good = Files.readAllBytes(handOff);
        Files.writeString(handOff, "edited");

        prepare();

        assertThat(Files.readAllBytes(handOff)).isEqualTo(good);
    }

    /** The primer's answers to where an object is, as captions of demo pictures. */
    private Path locationAnswers() throws IOException {
        List<String> lines = new ArrayList<>();
        for (String place : List.of("top-left", "top-right", "bottom-left", "bottom-right")) {
            lines.add(JSON.createObjectNode()
                    .put("image", PICTURES.get(lines.size()))
                    .put("prefix", "caption en")
                    .put("suffix", "the object is in the " + place + " of the image")
                    .toString());
        }
        return Files.write(folder.resolve("locations.jsonl"), lines);
    }

    private void prepare(String... overrides) throws IOException {
        List<String> settings = new ArrayList<>(List.of(
                "task=[segment, caption]",
                "input.annotations=" + CORPUS.resolve("annotations"),
                "input.images=" + CORPUS.resolve("images"),
                "split.near-duplicates=false",
                "gates.max-reject-ratio=1",
                "output.report-pictures=1",
                "output.path=" + folder.resolve("rows")));
        settings.addAll(List.of(overrides));
        PrepareJob.run(SparkFixture.session(), PrepareConfig.read(Optional.empty(), settings));
    }

    private JsonNode guardrails() throws IOException {
        return manifest().path("guardrails");
    }

    private JsonNode manifest() throws IOException {
        return JSON.readTree(folder.resolve("rows/manifest.json").toFile());
    }
}
