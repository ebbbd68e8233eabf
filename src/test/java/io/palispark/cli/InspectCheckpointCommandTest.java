package io.palispark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.palispark.SharedFolder;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class InspectCheckpointCommandTest {

    private final StringWriter out = new StringWriter();

    @Test
    void theStandInIsDescribedWithoutProblems() throws IOException {
        assertThat(run("src/main/resources/io/palispark/standin/paligemma")).isZero();

        JsonNode line = line();
        assertThat(line.path("family").asText()).isEqualTo("gemma2");
        assertThat(line.path("parameters").asLong()).isEqualTo(1_873_568);
        assertThat(line.path("image_size").asInt()).isEqualTo(112);
        assertThat(line.path("tensors").path("bfloat16").asInt()).isPositive();
        assertThat(line.path("processor").path("first_location_id").asInt()).isEqualTo(1024);
        assertThat(line.path("problems")).isEmpty();
    }

    @Test
    void anAdapterOfAnotherKindIsAProblem() throws IOException {
        Path fixtures = SharedFolder.require("fixtures/model");

        assertThat(run(
                        fixtures.resolve("checkpoints/pg2-w8").toString(),
                        "--adapter",
                        fixtures.resolve("lora/wrong-kind").toString()))
                .isEqualTo(4);
        assertThat(line().path("problems")).hasSize(1);
    }

    @Test
    void everythingThatIsMissingIsTold(@TempDir Path folder) throws IOException {
        Files.copy(
                Path.of("src/main/resources/io/palispark/standin/paligemma/config.json"),
                folder.resolve("config.json"));

        assertThat(run(folder.toString())).isEqualTo(4);
        assertThat(line().path("problems"))
                .extracting(JsonNode::asText)
                .satisfiesExactly(
                        weights -> assertThat(weights).contains("model.safetensors"),
                        processor -> assertThat(processor).contains("preprocessor_config.json"));
    }

    private int run(String... arguments) {
        return new CommandLine(new InspectCheckpointCommand())
                .setOut(new PrintWriter(out))
                .execute(arguments);
    }

    private JsonNode line() throws IOException {
        return new ObjectMapper().readTree(out.toString());
    }
}
