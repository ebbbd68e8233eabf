package io.palispark.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.palispark.SparkFixture;
import io.palispark.spark.Storage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Texts about tiles of a picture, decoded again from what was stored of them. */
class TiledDecodeTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path IMAGES = Path.of("src/main/resources/io/palispark/demo/images");
    private static final String CLASSES = "apple ; banana ; donut ; fish ; leaf ; mug ; mushroom ; star";

    @TempDir
    Path folder;

    @Test
    void whatGenerateWroteOfTilesDecodesToItsOwnLines() throws IOException {
        GenerateJob.run(
                SparkFixture.session(),
                GenerateConfig.read(
                        Optional.empty(),
                        List.of(
                                "input.rows=" + requests(),
                                "input.images=" + IMAGES,
                                "tiles.side=200",
                                "suppression.method=soft-nms-linear",
                                "output.path=" + folder.resolve("generated"))));
        List<String> generated = lines("generated");
        assertThat(generated).hasSize(4);
        assertThat(String.join("\n", generated)).contains("seam-joined", "\"counts\":");

        assertThat(decode("again", folder.resolve("generated")).counts()).doesNotContainKey("tiles joined");
        assertThat(lines("again")).isEqualTo(generated);

        List<String> single = new ArrayList<>();
        for (String line : generated) {
            JsonNode whole = JSON.readTree(line);
            for (JsonNode tile : whole.path("tiles")) {
                ObjectNode of = ((ObjectNode) tile).deepCopy();
                for (String key : List.of("image", "prefix", "width", "height")) {
                    of.set(key, whole.path(key));
                }
                single.add(of.toString());
            }
        }
        assertThat(single).hasSizeGreaterThan(4 * 3);
        Collections.shuffle(single, new Random(3));
        Files.write(folder.resolve("single.jsonl"), single);
        assertThat(decode("joined", folder.resolve("single.jsonl")).counts())
                .containsEntry("rows", 4L)
                .containsEntry("tiles joined", single.size() - 4L);
        assertThat(lines("joined")).isEqualTo(generated);
    }

    private Path requests() throws IOException {
        List<String> rows = new ArrayList<>();
        for (String image : List.of("scene_001001.jpg", "scene_001008.jpg")) {
            for (String task : List.of("detect ", "segment ")) {
                rows.add(JSON.createObjectNode()
                        .put("image", image)
                        .put("prefix", task + CLASSES)
                        .toString());
            }
        }
        return Files.write(folder.resolve("requests.jsonl"), rows);
    }

    @Test
    void aTileThatCannotBePlacedIsRejected() throws IOException {
        Files.write(
                folder.resolve("tiles.jsonl"),
                List.of(
                        tile("a.jpg", "[0,0,100,100]", true),
                        tile("a.jpg", "[80,0,100,100]", true),
                        tile("a.jpg", "[0,0,100,100]", true),
                        tile("b.jpg", "[100,0,100,100]", true),
                        tile("c.jpg", "[0,0,100,100]", false),
                        tile("d.jpg", "[0,0,100]", true),
                        tile("e.jpg", "[0,-1,100,100]", true),
                        tile("f.jpg", "null", true),
                        tile("f.jpg", "[0,0,100,100]", true)));

        assertThat(decode("out", folder.resolve("tiles.jsonl")).counts())
                .containsEntry("input", 9L)
                .containsEntry("rows", 2L)
                .containsEntry("tiles joined", 1L)
                .containsEntry("reject:row-duplicate", 2L)
                .containsEntry("reject:record-contradiction", 1L)
                .containsEntry("reject:image-size-missing", 1L)
                .containsEntry("reject:value-unknown", 2L);
    }

    private static String tile(String image, String block, boolean isSizeKnown) {
        return "{\"image\":\"%s\",\"prefix\":\"detect cat\",\"text\":\"\",\"tile\":%s%s}"
                .formatted(image, block, isSizeKnown ? ",\"width\":180,\"height\":100" : "");
    }

    private DecodeResult decode(String output, Path input) throws IOException {
        return DecodeJob.run(
                SparkFixture.session(),
                DecodeConfig.read(
                        Optional.empty(),
                        List.of(
                                "input.path=" + input,
                                "scores.tokenizer=standin",
                                "suppression.method=soft-nms-linear",
                                "gates.max-reject-ratio=1",
                                "output.path=" + folder.resolve(output))));
    }

    private List<String> lines(String output) throws IOException {
        List<String> lines = new ArrayList<>();
        for (String shard : PredictionFolder.find(
                        Storage.of(SparkFixture.session()),
                        folder.resolve(output).toString())
                .orElseThrow()
                .shards()) {
            lines.addAll(Files.readAllLines(Path.of(shard)));
        }
        Collections.sort(lines);
        return lines;
    }
}
