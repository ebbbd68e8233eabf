package io.palispark.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.palispark.SparkFixture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Box forms other than PaliGemma's, from annotations to tokens and back. */
class BoxFormsTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path CORPUS = Path.of("src/main/resources/io/palispark/demo");

    @TempDir
    Path folder;

    @Test
    void widthsAndHeightsDecodeToTheBoxesThatCornersDecodeTo() throws IOException {
        prepare("yxyx");
        prepare("cxcywh");

        decode("yxyx");
        decode("cxcywh", "convention.order=cxcywh");

        assertThat(JSON.readTree(folder.resolve("cxcywh/manifest.json").toFile())
                        .path("convention")
                        .path("order")
                        .asText())
                .isEqualTo("cxcywh");
        assertThat(rows("cxcywh/data")).isNotEqualTo(rows("yxyx/data"));
        assertThat(objects("cxcywh-decoded")).isNotEmpty().isEqualTo(objects("yxyx-decoded"));
    }

    @Test
    void aDatasetInAnotherFormIsRefusedUntilTheFormIsNamed() throws IOException {
        prepare("xywh");

        assertThatThrownBy(() -> decode("xywh"))
                .hasMessageContaining("convention.order")
                .hasMessageContaining("written with xywh and would be read with yxyx");
    }

    private void prepare(String form) throws IOException {
        PrepareJob.run(
                SparkFixture.session(),
                PrepareConfig.read(
                        Optional.empty(),
                        List.of(
                                "task=detect",
                                "convention.order=" + form,
                                "input.annotations=" + CORPUS.resolve("annotations/instances.json"),
                                "input.images=" + CORPUS.resolve("images"),
                                "split.near-duplicates=false",
                                "output.report-pictures=2",
                                "output.path=" + folder.resolve(form))));
    }

    private void decode(String form, String... settings) throws IOException {
        List<String> all = Stream.concat(
                        Stream.of(
                                "input.path=" + folder.resolve(form),
                                "input.ground-truth=" + CORPUS.resolve("annotations/instances.json"),
                                "output.path=" + folder.resolve(form + "-decoded")),
                        Stream.of(settings))
                .toList();
        DecodeJob.run(SparkFixture.session(), DecodeConfig.read(Optional.empty(), all));
    }

    private Map<String, JsonNode> objects(String output) throws IOException {
        Map<String, JsonNode> objects = new TreeMap<>();
        for (String line : rows(output + "/data")) {
            JsonNode row = JSON.readTree(line);
            objects.put(row.path("image").asText(), row.path("objects"));
        }
        return objects;
    }

    private List<String> rows(String path) throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve(path))) {
            return files.filter(file -> !file.toString().endsWith(".meta.jsonl"))
                    .sorted()
                    .flatMap(file -> {
                        try {
                            return Files.readAllLines(file).stream();
                        } catch (IOException unreadable) {
                            throw new java.io.UncheckedIOException(unreadable);
                        }
                    })
                    .toList();
        }
    }
}
