package io.palispark.paligemma;

import static io.palispark.paligemma.Goldens.TOLERANCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.palispark.tensor.SafetensorsFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointGoldensTest {

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {"memory-4.52", "memory-5.x", "saved-5.x", "peft-prefix", "sharded", "float16", "untied-head"})
    void everySpellingOfTheWeightsGivesTheReferencesLogits(String variant) throws IOException {
        assertLogits(Checkpoint.open(Goldens.model("loader/" + variant)), "loader", variant);
    }

    @Test
    void aHeadThatDiffersFromTheTableCountsThoughTheConfigurationSaysTied() throws IOException {
        Files.copy(Goldens.model("loader/untied-head/model.safetensors"), folder.resolve("model.safetensors"));
        Files.copy(Goldens.model("checkpoints/pg2-w8/config.json"), folder.resolve("config.json"));
        Checkpoint checkpoint = Checkpoint.open(folder);
        assertThat(checkpoint.ownHead()).isTrue();
        assertLogits(checkpoint, "loader", "untied-head");
    }

    @Test
    void aHeadThatEqualsTheTableIsNotKept() throws IOException {
        try (Checkpoint checkpoint = Checkpoint.open(Goldens.model("loader/memory-5.x"))) {
            assertThat(checkpoint.ownHead()).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "plain",
                "list-targets",
                "rslora",
                "dora",
                "patterns",
                "patterns-rslora",
                "projector-saved",
                "lora-bias",
                "bias-all",
                "vision-convolution",
                "prefix-4.51",
                "prefix-4.57"
            })
    void everyAdapterMergesToTheReferencesLogits(String adapter) throws IOException {
        assertLogits(
                Checkpoint.open(Goldens.model("checkpoints/pg2-w8"), Goldens.model("lora/" + adapter)),
                "lora",
                adapter);
    }

    @Test
    void anotherKindOfAdapterIsRefused() {
        assertThatThrownBy(() -> Checkpoint.open(Goldens.model("checkpoints/pg2-w8"), Goldens.model("lora/wrong-kind")))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("the adapter kind is not LORA");
    }

    @Test
    void anAdapterOfAnotherModelIsRefused() {
        assertThatThrownBy(() -> Checkpoint.open(Goldens.model("checkpoints/pg1-k2"), Goldens.model("lora/plain")))
                .isInstanceOf(CheckpointException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"pg1", "pg2-w4096"})
    void aBigVisionArchiveGivesTheReferencesLogits(String name) throws IOException {
        Goldens goldens = Goldens.of(name);
        CheckpointConfig config = CheckpointConfig.read(Goldens.model("checkpoints/" + name));
        try (TinyModel tiny =
                TinyModel.of(goldens, Checkpoint.openBigVision(Goldens.model("npz/" + name + ".npz"), config))) {
            int rows = tiny.checkpoint().config().text().vocabulary();
            assertThat(rows).isEqualTo(2176);
            float[] expected =
                    goldens.tensors().tensor("single.0.decode.logits").floats();
            Goldens.assertClose(
                    name,
                    tiny.prefillLogits(tiny.prompt(goldens.single(0), 0)),
                    Arrays.copyOf(expected, rows),
                    TOLERANCE);
        }
    }

    private static void assertLogits(Checkpoint checkpoint, String kind, String variant) throws IOException {
        Goldens goldens = Goldens.of("pg2-w8");
        JsonNode expected = new ObjectMapper()
                .readTree(Goldens.model(kind + "/expected.json").toFile())
                .path(kind.equals("lora") ? "adapters" : "variants")
                .path(variant);
        try (TinyModel tiny = TinyModel.of(goldens, checkpoint);
                SafetensorsFile logits = SafetensorsFile.open(Goldens.model(kind + "/expected.safetensors"))) {
            PromptRow prompt = tiny.prompt(goldens.single(0), 0);
            String same = expected.path("same_as").asText(variant);
            String name = (logits.names().contains(variant + ".prefill_logits") ? variant : same) + ".prefill_logits";
            float[] wanted = logits.names().contains(name)
                    ? logits.tensor(name).floats()
                    : Arrays.copyOf(
                            goldens.tensors().tensor("single.0.decode.logits").floats(), 2240);
            Goldens.assertClose(variant, tiny.prefillLogits(prompt), wanted, TOLERANCE);
            if (expected.has("generated")) {
                assertThat(tiny.generate(prompt, 6).ids()).isEqualTo(Goldens.ids(expected.path("generated")));
            }
        }
    }
}
