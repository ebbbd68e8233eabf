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
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class InspectImageCommandTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void hashesEqualTheGoldens() throws IOException {
        Path folder = SharedFolder.require("fixtures/image/resize");
        JsonNode golden = new ObjectMapper()
                .readTree(folder.resolve("expected.json").toFile())
                .get("cases")
                .get(28);
        int exit = run(
                "--size",
                "224",
                folder.resolve("sources/" + golden.get("file").asText()).toString());
        JsonNode line = lines().get(0);
        JsonNode target = golden.get("targets").get("224");
        assertThat(exit).isZero();
        assertThat(line.get("verdict").asText()).isEqualTo("ok");
        assertThat(line.get("rgb_sha256")).isEqualTo(golden.get("rgb_sha256"));
        assertThat(line.get("resized_sha256")).isEqualTo(target.get("sha256"));
        assertThat(line.get("pixel_values_sha256")).isEqualTo(target.get("normalised_sha256"));
    }

    @Test
    void oneLineAFileInOrderAndARefusalIsAResult(@TempDir Path folder) throws IOException {
        Path page = Files.writeString(folder.resolve("page.jpg"), "<html></html>");
        Path empty = Files.createFile(folder.resolve("empty.png"));
        assertThat(run(page.toString(), empty.toString())).isZero();
        assertThat(lines())
                .extracting(line -> line.get("verdict").asText())
                .containsExactly("not-an-image", "empty-file");
    }

    @Test
    void aMissingFileIsExitFour(@TempDir Path folder) throws IOException {
        assertThat(run(folder.resolve("none.jpg").toString())).isEqualTo(4);
        assertThat(lines()).extracting(line -> line.get("verdict").asText()).containsExactly("unreadable");
        assertThat(err.toString()).contains("Cannot read");
    }

    @Test
    void aWrongSizeIsBadUsage(@TempDir Path folder) {
        assertThat(run("--size", "0", folder.toString())).isEqualTo(2);
    }

    private int run(String... arguments) {
        return new CommandLine(new InspectImageCommand())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }

    private List<JsonNode> lines() throws IOException {
        ObjectMapper json = new ObjectMapper();
        List<JsonNode> lines = new java.util.ArrayList<>();
        for (String line : out.toString().split("\n")) {
            lines.add(json.readTree(line));
        }
        return lines;
    }
}
