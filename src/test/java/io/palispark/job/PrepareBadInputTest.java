package io.palispark.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.palispark.SparkFixture;
import io.palispark.annotation.AnnotationRecord.RowKind;
import io.palispark.dataset.Ledger;
import io.palispark.image.ImageContent;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One small COCO file in which everything that goes wrong in the wild is wrong once. */
class PrepareBadInputTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String SQUARE = "\"bbox\":[10,10,20,20],\"segmentation\":[[10,10,30,10,30,30,10,30]]";

    @TempDir
    Path folder;

    private final List<String> images = new ArrayList<>();
    private final List<String> objects = new ArrayList<>();

    @BeforeEach
    void aGoodPictureWithAGoodObject() throws IOException {
        Files.createDirectories(folder.resolve("images"));
        ImageIO.write(
                new BufferedImage(64, 48, BufferedImage.TYPE_INT_RGB),
                "jpeg",
                folder.resolve("images/good.jpg").toFile());
        image("1", "good.jpg", 48, 64);
        object("1", "1", SQUARE);
    }

    @Test
    void everyBadObjectIsRejectedOrRepairedWithItsReason() throws IOException {
        object("2", "1", "\"bbox\":[10,10,NaN,20],\"segmentation\":[[10,10,30,10,30,30]]");
        object("3", "1", "\"bbox\":[10,10,0,20],\"segmentation\":[]");
        object("4", "1", "\"bbox\":[10,10,-5,20],\"segmentation\":[]");
        object("5", "1", "\"bbox\":[10,10,20,20],\"segmentation\":[[10,10,30,10]]");
        object("6", "1", "\"bbox\":[10,10,20,20],\"segmentation\":[[10,10,30,10,30,30,10]]");
        object("7", "1", "\"bbox\":[10,10,20,20],\"segmentation\":{\"size\":[9,9],\"counts\":[0,81]}");
        object("8", "1", "\"bbox\":\"everywhere\",\"segmentation\":[]");
        object("9", "77", SQUARE);
        object("1", "1", SQUARE);
        objects.add("{\"image_id\":1,\"category_id\":1,\"iscrowd\":0,\"area\":400," + SQUARE + "}");
        objects.add("{\"id\":11,\"image_id\":1,\"category_id\":99,\"iscrowd\":0,\"area\":400," + SQUARE + "}");
        object("12", "1", "\"bbox\":[500,500,20,20],\"segmentation\":[[500,500,520,500,520,520]]");

        PrepareResult result = prepare();

        assertThat(reasons(result))
                .containsExactlyInAnyOrderEntriesOf(Map.ofEntries(
                        Map.entry("object annotation-orphan reject-object", 1L),
                        Map.entry("object box-empty reject-object", 2L),
                        Map.entry("object box-field-count reject-object", 1L),
                        Map.entry("object box-outside-image reject-object", 1L),
                        Map.entry("object category-unknown reject-object", 1L),
                        Map.entry("object number-not-finite reject-object", 1L),
                        Map.entry("object mask-missing reject-object", 3L),
                        Map.entry("object id-duplicate repair", 1L),
                        Map.entry("object id-missing repair", 1L),
                        Map.entry("object polygon-odd-length repair", 1L),
                        Map.entry("object polygon-point-count repair", 1L),
                        Map.entry("object rle-size-mismatch repair", 1L),
                        Map.entry("object segmentation-empty repair", 2L)));
        everyRecordIsAccountedFor(result, 13);
    }

    @Test
    void everyBadPictureTakesItsObjectsAlongWithAReason() throws IOException {
        List<String> files = List.of(
                "truncated-half.jpg",
                "page.jpg",
                "bomb-30000x30000.png",
                "zero-height.jpg",
                "cmyk-adobe.jpg",
                "palette.gif");
        for (int i = 0; i < files.size(); i++) {
            copy(files.get(i));
            image("" + (2 + i), files.get(i), 48, 64);
            object("" + (20 + i), "" + (2 + i), SQUARE);
        }
        image("90", "nowhere.jpg", 48, 64);
        object("90", "90", SQUARE);
        image("91", "../good.jpg", 48, 64);
        object("91", "91", SQUARE);
        image("92", "/etc/hosts", 48, 64);
        object("92", "92", SQUARE);

        PrepareResult result = prepare();

        assertThat(reasons(result))
                .containsEntry("image image-truncated reject-image", 1L)
                .containsEntry("image image-kind-unknown reject-image", 1L)
                .containsEntry("image image-too-large reject-image", 1L)
                .containsEntry("image image-missing reject-image", 1L);
        assertThat(reasons(result).keySet()).anyMatch(reason -> reason.contains("image-name-unsafe"));
        assertThat(result.ledger().of(RowKind.IMAGE).input()).isEqualTo(10);
        everyRecordIsAccountedFor(result, 10);
    }

    @Test
    void aFileThatEndsInTheMiddleKeepsWhatStoodBeforeAndSaysSo() throws IOException {
        object("2", "1", SQUARE);
        String whole = document();
        PrepareResult result = prepare(whole.substring(0, whole.lastIndexOf("\"bbox\"") + 10));

        assertThat(reasons(result).keySet()).anyMatch(reason -> reason.startsWith("file syntax-invalid"));
        assertThat(result.ledger().losses()).isEmpty();
    }

    @Test
    void aPictureOfAnotherSizeThanStatedIsNotTrusted() throws IOException {
        images.clear();
        image("1", "good.jpg", 480, 640);

        PrepareResult result = prepare();

        assertThat(reasons(result).keySet()).anyMatch(reason -> reason.startsWith("image image-size-mismatch"));
        assertThat(result.ledger().of(RowKind.OBJECT)).isEqualTo(new Ledger.Tally(1, 0, 1, 0));
    }

    @Test
    void everyProblemOfAConfigurationIsInOneMessage() {
        assertThatThrownBy(() -> PrepareConfig.read(
                        Optional.empty(),
                        List.of("order=alphabetical", "split.ratios=[0.9,0.9,0.1]", "codec.batch=0", "colour=red")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("order")
                .hasMessageContaining("split.ratios")
                .hasMessageContaining("codec.batch")
                .hasMessageContaining("colour")
                .hasMessageContaining("input.annotations")
                .hasMessageContaining("output.path");
    }

    private void everyRecordIsAccountedFor(PrepareResult result, long objects) throws IOException {
        Ledger.Tally tally = result.ledger().of(RowKind.OBJECT);
        assertThat(tally.input()).isEqualTo(objects);
        assertThat(tally.addsUp()).isTrue();
        assertThat(tally.written()).isPositive();
        assertThat(result.ledger().losses()).isEmpty();
        assertThat(rejectLines()).hasSize((int) Stream.of(RowKind.values())
                .mapToLong(kind -> result.ledger().of(kind).rejected())
                .sum());
    }

    private List<JsonNode> rejectLines() throws IOException {
        List<JsonNode> lines = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder.resolve("rows/rejects"))) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".jsonl")).toList()) {
                for (String line : Files.readAllLines(file)) {
                    lines.add(JSON.readTree(line));
                }
            }
        }
        return lines;
    }

    private static Map<String, Long> reasons(PrepareResult result) {
        return result.ledger().reasons().stream()
                .collect(Collectors.toMap(
                        reason -> Settings.spelling(reason.kind()) + " "
                                + reason.reason().code() + " " + Settings.spelling(reason.outcome()),
                        Ledger.ReasonCount::count,
                        Long::sum,
                        TreeMap::new));
    }

    private PrepareResult prepare() throws IOException {
        return prepare(document());
    }

    private PrepareResult prepare(String document) throws IOException {
        Path annotations = Files.writeString(folder.resolve("instances.json"), document);
        return PrepareJob.run(
                SparkFixture.session(),
                PrepareConfig.read(
                        Optional.empty(),
                        List.of(
                                "input.annotations=" + annotations,
                                "input.format=coco",
                                "input.images=" + folder.resolve("images"),
                                "gates.max-reject-ratio=1",
                                "output.report-pictures=1",
                                "output.path=" + folder.resolve("rows"))));
    }

    private String document() {
        return "{\"images\":[" + String.join(",", images) + "],\"annotations\":[" + String.join(",", objects)
                + "],\"categories\":[{\"id\":1,\"name\":\"cat\"}]}";
    }

    private void image(String id, String name, int height, int width) {
        images.add("{\"id\":%s,\"file_name\":\"%s\",\"height\":%d,\"width\":%d}".formatted(id, name, height, width));
    }

    private void object(String id, String image, String region) {
        objects.add("{\"id\":%s,\"image_id\":%s,\"category_id\":1,\"iscrowd\":0,\"area\":400,%s}"
                .formatted(id, image, region));
    }

    private void copy(String name) throws IOException {
        try (InputStream stream = ImageContent.class.getResourceAsStream(name)) {
            Files.write(folder.resolve("images").resolve(name), stream.readAllBytes());
        }
    }
}
