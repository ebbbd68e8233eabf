package io.palispark.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SafetensorsTest {

    private static final Path MALFORMED = Path.of("src/test/resources/io/palispark/tensor/malformed");

    /** Where the golden's verdict is a sentence about several readers, the words that ours uses. */
    private static final Map<String, String> OUR_WORDS = Map.of(
            "header-starts-with-space.safetensors", "header must start with {",
            "pickle-instead.safetensors", "header too large",
            "zip-instead.safetensors", "truncated");

    @TempDir
    Path folder;

    static Stream<String> refusedFiles() throws IOException {
        return files(".safetensors").filter(file -> !verdict(file).startsWith("ok"));
    }

    static Stream<String> acceptedFiles() throws IOException {
        return files(".safetensors").filter(file -> verdict(file).startsWith("ok"));
    }

    static Stream<String> refusedIndexes() throws IOException {
        return files(".json").filter(file -> !verdict(file).startsWith("ok"));
    }

    static Stream<String> acceptedIndexes() throws IOException {
        return files(".json").filter(file -> verdict(file).startsWith("ok"));
    }

    @ParameterizedTest
    @MethodSource("refusedFiles")
    void refusesAFileThatBreaksTheFormat(String file) {
        assertThatThrownBy(() -> SafetensorsFile.open(MALFORMED.resolve(file)))
                .isInstanceOf(TensorFileException.class)
                .hasMessageContaining(OUR_WORDS.getOrDefault(file, verdict(file)))
                .hasMessageContaining(file);
    }

    @ParameterizedTest
    @MethodSource("acceptedFiles")
    void opensAFileThatKeepsTheFormat(String file) throws IOException {
        try (SafetensorsFile opened = SafetensorsFile.open(MALFORMED.resolve(file))) {
            for (String name : opened.names()) {
                assertThat(opened.tensor(name).shape())
                        .isEqualTo(opened.layout(name).extents());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("refusedIndexes")
    void refusesAnIndexThatBreaksTheFormat(String index) throws IOException {
        layOut(index);
        assertThatThrownBy(() -> SafetensorsFolder.open(folder))
                .isInstanceOf(TensorFileException.class)
                .hasMessageContaining(verdict(index));
    }

    @ParameterizedTest
    @MethodSource("acceptedIndexes")
    void opensTheShardsOfAnIndex(String index) throws IOException {
        layOut(index);
        try (SafetensorsFolder opened = SafetensorsFolder.open(folder)) {
            assertThat(opened.names()).isNotEmpty();
            for (String name : opened.names()) {
                assertThat(opened.tensor(name).count())
                        .isEqualTo(opened.layout(name).count());
            }
        }
    }

    @Test
    void readsTheValuesOfTwoTensorsWhateverTheirPlace() throws IOException {
        for (String file : List.of("ok-two-tensors", "ok-names-not-in-offset-order", "ok-padded-header")) {
            try (SafetensorsFile opened = SafetensorsFile.open(MALFORMED.resolve(file + ".safetensors"))) {
                assertThat(opened.tensor("a").hasShape(2, 2)).isTrue();
                assertThat(opened.tensor("a").floats()).containsExactly(1, 2, 3, 4);
                assertThat(opened.tensor("b").floats()).containsExactly(5, 6, 7);
            }
        }
    }

    @Test
    void widensHalfPrecisionExactly() throws IOException {
        try (SafetensorsFile opened = SafetensorsFile.open(MALFORMED.resolve("ok-bf16-f16-f32.safetensors"))) {
            assertThat(opened.tensor("x").floats()).containsExactly(1f, -3.140625f);
            assertThat(opened.tensor("y").floats()).containsExactly(1f, -3f);
            assertThat(opened.tensor("w").floats()).containsExactly(-1.5f);
        }
    }

    @Test
    void cutsATensorIntoBlocksOfRows() throws IOException {
        try (SafetensorsFile opened = SafetensorsFile.open(MALFORMED.resolve("ok-two-tensors.safetensors"))) {
            List<Tensor> blocks = opened.rowBlocks("a", 8);
            assertThat(blocks).hasSize(2).allMatch(block -> block.hasShape(1, 2));
            assertThat(blocks.get(1).floats()).containsExactly(3, 4);
            assertThat(opened.rowBlocks("b", 8)).extracting(Tensor::count).containsExactly(2L, 1L);
        }
    }

    private void layOut(String index) throws IOException {
        Files.copy(MALFORMED.resolve(index), folder.resolve(SafetensorsFolder.INDEX));
        Files.copy(MALFORMED.resolve("s1.safetensors"), folder.resolve("s1.safetensors"));
        Files.copy(MALFORMED.resolve("s2.safetensors"), folder.resolve("s2.safetensors"));
    }

    private static Stream<String> files(String ending) throws IOException {
        return expected().properties().stream().map(Map.Entry::getKey).filter(file -> file.endsWith(ending));
    }

    private static String verdict(String file) {
        try {
            return expected().path(file).path("verdict").textValue();
        } catch (IOException unreadable) {
            throw new java.io.UncheckedIOException(unreadable);
        }
    }

    private static JsonNode expected() throws IOException {
        return new ObjectMapper()
                .readTree(MALFORMED.resolve("expected.json").toFile())
                .path("files");
    }
}
