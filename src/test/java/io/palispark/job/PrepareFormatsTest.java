package io.palispark.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.palispark.SparkFixture;
import io.palispark.annotation.AnnotationRecord.RowKind;
import io.palispark.dataset.Ledger;
import io.palispark.token.ParsedSuffix;
import io.palispark.token.SuffixParser;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Datasets of several formats through the whole job, recognised by themselves. */
class PrepareFormatsTest {

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({
        "yolo-detect, labels data.yaml, ., 12, detect",
        "yolo-segment, labels data.yaml, ., 12, segment",
        "voc, VOC2012, VOC2012/JPEGImages, 12, segment",
        "labelme, 000001.json 000002.json 000003.json 000004.json 000005.json 000006.json, ., 12, segment",
    })
    void everyObjectIsWritten(String format, String annotations, String images, int objects, String task)
            throws IOException {
        Path root = golden(format);
        PrepareResult result = prepare(
                "task=" + task,
                "input.annotations=[" + String.join(",", paths(root, annotations)) + "]",
                "input.images=" + root.resolve(images).normalize());

        assertThat(result.ledger().of(RowKind.OBJECT)).isEqualTo(new Ledger.Tally(objects, objects, 0, 0));
        assertThat(result.ledger().of(RowKind.IMAGE).input()).isEqualTo(6);
        assertThat(result.ledger().losses()).isEmpty();
        int written = 0;
        for (JsonNode row : rows()) {
            ParsedSuffix parsed = SuffixParser.parse(row.get("suffix").asText());
            assertThat(parsed.defects()).isEmpty();
            written += parsed.objects().size();
        }
        assertThat(written).isEqualTo(objects);
    }

    @Test
    void oneIdForTwoPicturesInTwoFilesMixesNoObjects() throws IOException {
        Path images = golden("coco").resolve("images");
        for (String picture : List.of("000001.png", "000002.png")) {
            Files.writeString(folder.resolve(picture + ".json"), coco(1, picture, "cat " + picture.charAt(5)));
        }

        PrepareResult result = prepare("task=detect", "input.annotations=" + folder, "input.images=" + images);

        assertThat(result.ledger().of(RowKind.OBJECT)).isEqualTo(new Ledger.Tally(2, 2, 0, 0));
        assertThat(rows())
                .extracting(row ->
                        row.get("image").asText() + ": " + row.get("prefix").asText())
                .containsExactlyInAnyOrder("000001.png: detect cat 1", "000002.png: detect cat 2");
    }

    @Test
    void twoFilesMayCountTheObjectsOfOnePictureAlike() throws IOException {
        Path images = golden("coco").resolve("images");
        Files.writeString(folder.resolve("cats.json"), coco(1, "000001.png", "cat"));
        Files.writeString(folder.resolve("dogs.json"), coco(1, "000001.png", "dog"));

        PrepareResult result = prepare("task=detect", "input.annotations=" + folder, "input.images=" + images);

        assertThat(result.ledger().of(RowKind.OBJECT)).isEqualTo(new Ledger.Tally(2, 2, 0, 0));
        assertThat(rows())
                .hasSize(1)
                .first()
                .extracting(row -> row.get("prefix").asText())
                .isEqualTo("detect cat ; dog");
    }

    @Test
    void aDocumentLiesAmongThePicturesItNames() throws IOException {
        for (String split : List.of("train", "valid")) {
            Path among = Files.createDirectories(folder.resolve("export").resolve(split));
            Files.copy(golden("coco").resolve("images/000001.png"), among.resolve("a.png"));
            Files.writeString(among.resolve("_annotations.coco.json"), coco(0, "a.png", split));
        }

        prepare(
                "task=detect",
                "input.annotations=" + folder.resolve("export"),
                "input.images=" + folder.resolve("export"));

        assertThat(rows())
                .extracting(row ->
                        row.get("image").asText() + ": " + row.get("prefix").asText())
                .containsExactlyInAnyOrder("train/a.png: detect train", "valid/a.png: detect valid");
    }

    private static String coco(int id, String picture, String label) {
        return """
                {"images":[{"id":%d,"file_name":"%s"}],
                 "annotations":[{"id":1,"image_id":%d,"category_id":1,"bbox":[1,2,3,4],"area":12,"iscrowd":0}],
                 "categories":[{"id":1,"name":"%s"}]}""".formatted(id, picture, id, label);
    }

    private static List<String> paths(Path root, String names) {
        List<String> paths = new ArrayList<>();
        for (String name : names.split(" ")) {
            paths.add("\"" + root.resolve(name) + "\"");
        }
        return paths;
    }

    private static Path golden(String format) {
        try {
            return Path.of(Objects.requireNonNull(PrepareFormatsTest.class.getResource("/formats/" + format))
                    .toURI());
        } catch (URISyntaxException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private PrepareResult prepare(String... overrides) throws IOException {
        List<String> settings = new ArrayList<>(List.of(
                "gates.max-reject-ratio=0.5",
                "split.near-duplicates=false",
                "output.report-pictures=1",
                "output.path=" + folder.resolve("rows")));
        settings.addAll(List.of(overrides));
        return PrepareJob.run(SparkFixture.session(), PrepareConfig.read(Optional.empty(), settings));
    }

    private List<JsonNode> rows() throws IOException {
        ObjectMapper json = new ObjectMapper();
        List<JsonNode> rows = new ArrayList<>();
        JsonNode manifest = json.readTree(folder.resolve("rows/manifest.json").toFile());
        for (JsonNode shard : manifest.get("shards")) {
            String path = shard.get("path").asText();
            if (!path.endsWith(".meta.jsonl")) {
                for (String line : Files.readAllLines(folder.resolve("rows").resolve(path))) {
                    rows.add(json.readTree(line));
                }
            }
        }
        return rows;
    }
}
