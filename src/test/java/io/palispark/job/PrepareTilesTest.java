package io.palispark.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.palispark.SparkFixture;
import io.palispark.annotation.AnnotationRecord.RowKind;
import io.palispark.dataset.Ledger;
import io.palispark.geometry.Box;
import io.palispark.geometry.ImageSize;
import io.palispark.token.BoxQuantizer;
import io.palispark.token.Convention;
import io.palispark.token.SuffixObject;
import io.palispark.token.SuffixParser;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A sheet of 900 x 600 pixels with a small mug, a wide banner and a mug on a seam, cut into tiles of 400. */
class PrepareTilesTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Box MUG = new Box(40, 50, 100, 80);
    private static final Box SEAM_MUG = new Box(330, 420, 120, 100);
    private static final Box BANNER = new Box(20, 250, 860, 60);

    @TempDir
    Path folder;

    @BeforeEach
    void drawTheSheet() throws IOException {
        Files.createDirectory(folder.resolve("images"));
        draw("sheet.png", 900, 600, List.of(MUG, SEAM_MUG, BANNER));
        draw("small.png", 300, 200, List.of(MUG));
        ObjectNode truth = JSON.createObjectNode();
        truth.putArray("images")
                .add(JSON.createObjectNode()
                        .put("id", 1)
                        .put("file_name", "sheet.png")
                        .put("width", 900)
                        .put("height", 600))
                .add(JSON.createObjectNode()
                        .put("id", 2)
                        .put("file_name", "small.png")
                        .put("width", 300)
                        .put("height", 200));
        truth.putArray("categories")
                .add(JSON.createObjectNode().put("id", 1).put("name", "mug"))
                .add(JSON.createObjectNode().put("id", 2).put("name", "banner"));
        truth.putArray("annotations")
                .add(annotation(1, 1, 1, MUG))
                .add(annotation(2, 1, 1, SEAM_MUG))
                .add(annotation(3, 1, 2, BANNER))
                .add(annotation(4, 2, 1, MUG));
        Files.writeString(folder.resolve("truth.json"), truth.toString());
    }

    @Test
    void everyRowNamesAPictureOfItsOwnSizeThatWasWritten() throws IOException {
        prepare();

        for (Row row : rows()) {
            BufferedImage picture = ImageIO.read(
                    folder.resolve("rows/images").resolve(row.image()).toFile());
            JsonNode tile = row.meta().path("frame").path("tile");
            if (tile.isArray()) {
                assertThat(picture.getWidth()).isEqualTo(tile.get(2).asInt());
                assertThat(picture.getHeight()).isEqualTo(tile.get(3).asInt());
            }
            for (SuffixObject object : SuffixParser.parse(row.suffix()).objects()) {
                Box box = new BoxQuantizer(Convention.BIG_VISION)
                        .box(object.box(), new ImageSize(picture.getHeight(), picture.getWidth()));
                int middle = picture.getRGB((int) (box.x() + box.width() / 2), (int) (box.y() + box.height() / 2));
                assertThat(new Color(middle)).isEqualTo(object.label().equals("mug") ? Color.RED : Color.BLUE);
            }
        }
    }

    @Test
    void theReportShowsThePicturesThatRowsName() throws IOException {
        prepare();

        assertThat(Files.readString(folder.resolve("rows/report/index.html")).split("data:image/png", -1))
                .hasSize(2 + 1);
    }

    @Test
    void aRecordCountsOnceHoweverManyTilesShowIt() throws IOException {
        PrepareResult result = prepare();

        assertThat(result.ledger().of(RowKind.OBJECT)).isEqualTo(new Ledger.Tally(4, 4, 0, 0));
        assertThat(result.ledger().of(RowKind.IMAGE)).isEqualTo(new Ledger.Tally(2, 2, 0, 0));
        assertThat(DatasetInspection.run(folder.resolve("rows").toString(), line -> {}))
                .isTrue();
    }

    @Test
    void anObjectThatNoTileShowsEnoughOfIsRejectedUnlessTheWholePictureIsAskedAbout() throws IOException {
        PrepareResult alone = prepare("tiles.whole-picture=false", "tiles.least-visible=0.6");

        assertThat(alone.ledger().of(RowKind.OBJECT)).isEqualTo(new Ledger.Tally(4, 3, 1, 1));
        assertThat(alone.ledger().reasons())
                .singleElement()
                .satisfies(reason -> assertThat(reason.reason().code()).isEqualTo("object-cut-by-tiles"));
    }

    @Test
    void aClassOfWhichTooLittleIsVisibleIsNotCalledAbsent() throws IOException {
        prepare("tiles.whole-picture=false", "tiles.least-visible=0.6", "task=presence", "prompt.negatives=5");

        assertThat(rows())
                .filteredOn(row -> row.prefix().contains("banner")
                        && row.meta().path("frame").path("tile").path(1).asInt() > 0)
                .isEmpty();
    }

    @Test
    void masksAreCutAtTheTile() throws IOException {
        prepare("task=segment", "tiles.whole-picture=false", "tiles.least-visible=0.2");

        List<SuffixObject> banners = new ArrayList<>();
        for (Row row : rows()) {
            SuffixParser.parse(row.suffix()).objects().stream()
                    .filter(object -> object.label().equals("banner"))
                    .forEach(banners::add);
        }
        assertThat(banners).hasSizeGreaterThanOrEqualTo(3);
        assertThat(banners).allSatisfy(banner -> {
            assertThat(banner.codes()).isPresent();
            assertThat(banner.box().x2() - banner.box().x1()).isGreaterThan(900);
        });
    }

    @Test
    void tilesAreStitchedToTheObjectsOfTheSheetWithTheFramesOfTheMetaRows() throws IOException {
        prepare("tiles.whole-picture=false", "tiles.least-visible=0.1");
        List<String> answers = new ArrayList<>();
        for (Row row : rows()) {
            if (row.meta().has("frame")) {
                ObjectNode line = row.meta().path("frame").deepCopy();
                answers.add(line.put("prefix", "detect banner ; mug")
                        .put("text", row.suffix())
                        .toString());
            }
        }
        Files.write(folder.resolve("answers.jsonl"), answers);

        DecodeJob.run(
                SparkFixture.session(),
                DecodeConfig.read(
                        Optional.empty(),
                        List.of(
                                "input.path=" + folder.resolve("answers.jsonl"),
                                "output.path=" + folder.resolve("decoded"))));

        List<Box> boxes = new ArrayList<>();
        for (JsonNode object : decoded().path("objects")) {
            JsonNode box = object.path("bbox");
            boxes.add(new Box(
                    box.get(0).asDouble(),
                    box.get(1).asDouble(),
                    box.get(2).asDouble(),
                    box.get(3).asDouble()));
        }
        assertThat(boxes).hasSize(3);
        for (Box truth : List.of(MUG, SEAM_MUG, BANNER)) {
            assertThat(boxes).anyMatch(box -> box.iou(truth) > 0.95);
        }
    }

    @Test
    void anEditedTileIsFoundAndTheSameRunMendsIt() throws IOException {
        prepare();
        Path tile = folder.resolve("rows/images")
                .resolve(pictures().keySet().iterator().next());
        byte[] drawn = Files.readAllBytes(tile);
        Files.write(tile, new byte[] {1, 2, 3});

        List<String> faults = new ArrayList<>();
        String rows = folder.resolve("rows").toString();
        assertThat(DatasetInspection.run(
                        rows, line -> faults.add(line.path("verdict").asText())))
                .isFalse();
        assertThat(faults).containsOnlyOnce("bytes-differ");

        prepare();
        assertThat(tile).hasBinaryContent(drawn);
        assertThat(DatasetInspection.run(rows, line -> {})).isTrue();
    }

    @Test
    void theSameInputGivesTheSameRowsAndPictures() throws IOException {
        PrepareResult first = prepare();
        Map<String, byte[]> pictures = pictures();
        Files.move(folder.resolve("rows"), folder.resolve("kept"));

        PrepareResult again = prepare();

        assertThat(again.fingerprint()).isEqualTo(first.fingerprint());
        assertThat(pictures().keySet()).isEqualTo(pictures.keySet());
        pictures().forEach((name, bytes) -> assertThat(bytes).isEqualTo(pictures.get(name)));
    }

    @Test
    void aPictureWhoseHeaderIsSoundAndWhosePixelsAreNotIsRejectedWithAllItsRecords() throws IOException {
        Files.write(folder.resolve("images/sheet.png"), GarbagePng.of(900, 600));
        Files.writeString(folder.resolve("captions.json"), """
                {"images":[{"id":1,"file_name":"sheet.png","width":900,"height":600}],
                 "annotations":[{"id":9,"image_id":1,"caption":"two mugs and a banner"}]}
                """);

        PrepareResult result = prepare(
                "task=[detect, caption]",
                "input.annotations=[\"" + folder.resolve("truth.json") + "\", \"" + folder.resolve("captions.json")
                        + "\"]",
                "gates.max-reject-ratio=1");

        assertThat(result.ledger().of(RowKind.OBJECT)).isEqualTo(new Ledger.Tally(4, 1, 3, 0));
        assertThat(result.ledger().of(RowKind.CAPTION)).isEqualTo(new Ledger.Tally(1, 0, 1, 0));
    }

    private record Row(String image, String prefix, String suffix, JsonNode meta) {}

    private PrepareResult prepare(String... overrides) throws IOException {
        List<String> settings = new ArrayList<>(List.of(
                "task=detect",
                "input.annotations=" + folder.resolve("truth.json"),
                "input.images=" + folder.resolve("images"),
                "tiles.side=400",
                "output.report-pictures=2",
                "output.path=" + folder.resolve("rows")));
        settings.addAll(List.of(overrides));
        return PrepareJob.run(SparkFixture.session(), PrepareConfig.read(Optional.empty(), settings));
    }

    private List<Row> rows() throws IOException {
        List<Row> rows = new ArrayList<>();
        JsonNode shards =
                JSON.readTree(folder.resolve("rows/manifest.json").toFile()).path("shards");
        for (int shard = 0; shard < shards.size(); shard += 2) {
            List<String> lines = lines(shards.get(shard));
            List<String> meta = lines(shards.get(shard + 1));
            for (int i = 0; i < lines.size(); i++) {
                JsonNode row = JSON.readTree(lines.get(i));
                rows.add(new Row(
                        row.path("image").asText(),
                        row.path("prefix").asText(),
                        row.path("suffix").asText(),
                        JSON.readTree(meta.get(i))));
            }
        }
        return rows;
    }

    private List<String> lines(JsonNode shard) throws IOException {
        return Files.readAllLines(
                folder.resolve("rows").resolve(shard.path("path").asText()));
    }

    private JsonNode decoded() throws IOException {
        JsonNode shard = JSON.readTree(folder.resolve("decoded/manifest.json").toFile())
                .path("shards")
                .get(0);
        return JSON.readTree(
                folder.resolve("decoded").resolve(shard.path("path").asText()).toFile());
    }

    private Map<String, byte[]> pictures() throws IOException {
        Map<String, byte[]> pictures = new HashMap<>();
        try (Stream<Path> files = Files.list(folder.resolve("rows/images"))) {
            for (Path file : files.filter(file -> !file.getFileName().toString().startsWith("."))
                    .toList()) {
                pictures.put(file.getFileName().toString(), Files.readAllBytes(file));
            }
        }
        return pictures;
    }

    private void draw(String name, int width, int height, List<Box> boxes) throws IOException {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        for (Box box : boxes) {
            graphics.setColor(box == BANNER ? Color.BLUE : Color.RED);
            graphics.fillRect((int) box.x(), (int) box.y(), (int) box.width(), (int) box.height());
        }
        graphics.dispose();
        ImageIO.write(image, "png", folder.resolve("images").resolve(name).toFile());
    }

    private static ObjectNode annotation(int id, int image, int category, Box box) {
        ObjectNode node = JSON.createObjectNode()
                .put("id", id)
                .put("image_id", image)
                .put("category_id", category)
                .put("iscrowd", 0)
                .put("area", box.area());
        node.putArray("bbox").add(box.x()).add(box.y()).add(box.width()).add(box.height());
        node.putArray("segmentation")
                .addArray()
                .add(box.x())
                .add(box.y())
                .add(box.right())
                .add(box.y())
                .add(box.right())
                .add(box.bottom())
                .add(box.x())
                .add(box.bottom());
        return node;
    }
}
