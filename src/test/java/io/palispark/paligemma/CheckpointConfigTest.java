package io.palispark.paligemma;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.palispark.SharedFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CheckpointConfigTest {

    @TempDir
    Path folder;

    @Test
    void resolvesEverySpellingAndSizeToTheGoldenValues() throws IOException {
        Path configs = SharedFolder.require("fixtures/model/config");
        JsonNode expected = new ObjectMapper()
                .readTree(configs.resolve("expected.json").toFile())
                .path("files");
        assertThat(expected.size()).isEqualTo(16);
        for (Map.Entry<String, JsonNode> file : expected.properties()) {
            Files.copy(
                    configs.resolve(file.getKey()),
                    folder.resolve("config.json"),
                    java.nio.file.StandardCopyOption.REPLACE_EXISTING);
            CheckpointConfig config = CheckpointConfig.read(folder);
            assertText(config.text(), file.getValue().path("text"));
            assertVision(config.vision(), file.getValue().path("vision"));
            assertThat(config.imageId())
                    .isEqualTo(file.getValue().path("image_token_id").intValue());
            assertThat(config.tied()).isTrue();
            assertThat(config.endIds()).containsExactly(1);
        }
    }

    private static void assertText(TextConfig text, JsonNode expected) {
        assertThat(text.family().name().toLowerCase(java.util.Locale.ROOT))
                .isEqualTo(expected.path("model_type").textValue());
        assertThat(text.width()).isEqualTo(expected.path("hidden_size").intValue());
        assertThat(text.layers()).isEqualTo(expected.path("num_hidden_layers").intValue());
        assertThat(text.heads()).isEqualTo(expected.path("num_attention_heads").intValue());
        assertThat(text.keyValueHeads())
                .isEqualTo(expected.path("num_key_value_heads").intValue());
        assertThat(text.headSize()).isEqualTo(expected.path("head_dim").intValue());
        assertThat(text.feedForward())
                .isEqualTo(expected.path("intermediate_size").intValue());
        assertThat(text.vocabulary()).isEqualTo(expected.path("vocab_size").intValue());
        assertThat(text.attentionScale())
                .isEqualTo(expected.path("attention_scale").doubleValue());
        assertThat(text.attentionCap()).isEqualTo(cap(expected.path("attention_soft_cap")));
        assertThat(text.finalCap()).isEqualTo(cap(expected.path("final_soft_cap")));
        assertThat(text.window()).isEqualTo(expected.path("sliding_window").asInt(0));
        for (int layer = 0; layer < text.layers(); layer++) {
            assertThat(text.slides(layer))
                    .isEqualTo(expected.path("layer_types").path(layer).asText().equals("sliding_attention"));
        }
    }

    private static void assertVision(VisionConfig vision, JsonNode expected) {
        assertThat(vision.width()).isEqualTo(expected.path("hidden_size").intValue());
        assertThat(vision.layers()).isEqualTo(expected.path("num_hidden_layers").intValue());
        assertThat(vision.heads())
                .isEqualTo(expected.path("num_attention_heads").intValue());
        assertThat(vision.imageSize()).isEqualTo(expected.path("image_size").intValue());
        assertThat(vision.tokens()).isEqualTo(expected.path("image_tokens").intValue());
        assertThat(vision.epsilon()).isEqualTo(expected.path("layer_norm_eps").doubleValue());
    }

    private static OptionalDouble cap(JsonNode value) {
        return value.isNumber() ? OptionalDouble.of(value.doubleValue()) : OptionalDouble.empty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        "model_type":"gemma3"             | text_config.model_type
        "hidden_size":-4                  | text_config.hidden_size
        "hidden_size":1e30                | text_config.hidden_size
        "num_key_value_heads":3           | text_config.num_key_value_heads
        "attention_bias":true             | text_config.attention_bias
        "hidden_activation":"relu"        | text_config.hidden_activation
        "rope_scaling":{"factor":2}       | text_config.rope_scaling
        "num_hidden_layers":2000000000    | text_config.num_hidden_layers
        """)
    void refusesWhatNoPaliGemmaHas(String field, String place) throws IOException {
        Files.writeString(
                folder.resolve("config.json"),
                "{\"text_config\":{\"hidden_size\":32,\"intermediate_size\":48," + "\"vocab_size\":300," + field
                        + "},\"vision_config\":{\"patch_size\":14}}");
        assertThatThrownBy(() -> CheckpointConfig.read(folder))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining(place);
    }
}
