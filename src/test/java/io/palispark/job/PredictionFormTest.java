package io.palispark.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.palispark.SparkFixture;
import io.palispark.geometry.ImageSize;
import io.palispark.geometry.RunLengthMask;
import io.palispark.job.Prediction.Answer;
import io.palispark.job.Prediction.DetectedObject;
import io.palispark.spark.Storage;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.imageio.ImageIO;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same answers decoded in every form that a predictions folder has. */
class PredictionFormTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String CODES = "<seg034><seg101><seg100><seg008><seg117><seg116><seg022><seg057>"
            + "<seg102><seg028><seg028><seg022><seg118><seg064><seg026><seg006>";

    @TempDir
    Path folder;

    @BeforeEach
    void write() throws IOException {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            lines.add(line(
                    "%02d.jpg".formatted(i),
                    "segment mug",
                    "<loc0%d00><loc0200><loc0900><loc0800>%s mug ; %s"
                            .formatted(i % 8, CODES, "<loc0010><loc0020><loc0030><loc0040> mug ; <loc0010>")));
        }
        lines.add(line("a.jpg", "caption en", "a mug, <b>twice</b>"));
        lines.add(
                "{\"image\":\"b.jpg\",\"status\":\"error\",\"error\":{\"code\":\"image-missing\",\"detail\":\"no\"}}");
        Files.write(folder.resolve("answers.jsonl"), lines);
    }

    private static String line(String image, String prefix, String text) {
        return JSON.createObjectNode()
                .put("image", image)
                .put("prefix", prefix)
                .put("text", text)
                .put("width", 320)
                .put("height", 240)
                .toString();
    }

    @Test
    void polygonsGiveBackTheMasksOfTheRunLengths() throws IOException {
        List<Prediction> masks = decode("rle", "output.masks=rle");
        List<Prediction> polygons = decode("polygons", "output.masks=polygons");

        assertThat(polygons).isEqualTo(masks);
        assertThat(shards("polygons")).contains("\"segmentation\":[[").doesNotContain("counts");
    }

    @Test
    void eachMaskIsAPictureThatItsLineAndTheManifestName() throws IOException {
        List<Prediction> predictions = decode("png", "output.masks=png");

        List<String> named = new ArrayList<>();
        manifest("png")
                .path("masks")
                .forEach(file -> named.add(file.path("path").asText()));
        assertThat(named).hasSize(12).doesNotHaveDuplicates().allMatch(path -> path.startsWith("masks/"));
        List<String> lines = shards("png").lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            JsonNode objects = JSON.readTree(lines.get(i)).path("objects");
            for (int k = 0; k < objects.size(); k++) {
                DetectedObject object =
                        ((Answer) predictions.get(i).outcome()).objects().get(k);
                JsonNode file = objects.get(k).path("mask_file");
                assertThat(file.isNull()).isEqualTo(object.mask().isEmpty());
                if (object.mask().isPresent()) {
                    assertThat(named).contains(file.asText());
                    assertThat(read(folder.resolve("png").resolve(file.asText())))
                            .isEqualTo(object.mask().get());
                }
            }
        }
    }

    private static RunLengthMask read(Path png) throws IOException {
        BufferedImage picture = ImageIO.read(png.toFile());
        byte[] bitmap = new byte[picture.getWidth() * picture.getHeight()];
        for (int i = 0; i < bitmap.length; i++) {
            int grey = picture.getRaster().getSample(i % picture.getWidth(), i / picture.getWidth(), 0);
            assertThat(grey).isIn(0, 255);
            bitmap[i] = (byte) (grey / 255);
        }
        return RunLengthMask.ofBitmap(new ImageSize(picture.getHeight(), picture.getWidth()), bitmap);
    }

    @Test
    void parquetHasTheColumnsAndValuesOfTheLines() throws IOException {
        for (String masks : List.of("rle", "polygons", "png")) {
            decode(masks, "output.masks=" + masks, "output.parquet=true", "output.shard-bytes=1 KiB");

            SparkSession session = SparkFixture.session();
            Dataset<Row> parquet =
                    session.read().parquet(folder.resolve(masks + "/parquet").toString());
            Dataset<Row> lines = session.read()
                    .schema(parquet.schema())
                    .json(folder.resolve(masks + "/data").toString());
            assertThat(parquet.orderBy("image", "prefix").collectAsList())
                    .isEqualTo(lines.orderBy("image", "prefix").collectAsList())
                    .hasSize(14);
            List<String> inferred = List.of(session.read()
                    .json(folder.resolve(masks + "/data").toString())
                    .columns());
            assertThat(List.of(parquet.drop("guard", "tiles").columns())).containsExactlyInAnyOrderElementsOf(inferred);
        }
    }

    @Test
    void theFolderIsSoundAndNothingOfItIsCollected() throws IOException {
        decode("whole", "output.masks=png", "output.parquet=true");

        List<ObjectNode> lines = new ArrayList<>();
        assertThat(DatasetInspection.run(folder.resolve("whole").toString(), lines::add))
                .isTrue();
        assertThat(lines)
                .extracting(line -> line.path("check").asText())
                .contains("rows of all Parquet files", "mask files");

        List<ObjectNode> unnamed = new ArrayList<>();
        UnnamedFiles.run(
                folder.resolve("whole").toString(),
                Duration.ZERO,
                Instant.now().plusSeconds(60),
                UnnamedFiles.Disposal.LIST,
                unnamed::add);
        assertThat(unnamed)
                .singleElement()
                .extracting(line -> line.path("files").asInt())
                .isEqualTo(0);
    }

    private List<Prediction> decode(String output, String... settings) throws IOException {
        List<String> all = new ArrayList<>(List.of(settings));
        all.add("input.path=" + folder.resolve("answers.jsonl"));
        all.add("output.path=" + folder.resolve(output));
        DecodeJob.run(SparkFixture.session(), DecodeConfig.read(Optional.empty(), all));
        List<Prediction> predictions = new ArrayList<>();
        PredictionFolder.find(
                        Storage.of(SparkFixture.session()),
                        folder.resolve(output).toString())
                .orElseThrow()
                .forEach(predictions::add);
        return predictions;
    }

    private JsonNode manifest(String output) throws IOException {
        return JSON.readTree(folder.resolve(output).resolve("manifest.json").toFile());
    }

    private String shards(String output) throws IOException {
        StringBuilder text = new StringBuilder();
        for (JsonNode shard : manifest(output).path("shards")) {
            text.append(Files.readString(
                    folder.resolve(output).resolve(shard.path("path").asText())));
        }
        return text.toString();
    }
}
