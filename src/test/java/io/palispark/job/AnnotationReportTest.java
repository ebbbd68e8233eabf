package io.palispark.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.palispark.SharedFolder;
import io.palispark.annotation.AnnotationInput;
import io.palispark.annotation.AnnotationPlan;
import io.palispark.annotation.AnnotationSource;
import io.palispark.annotation.Frame;
import io.palispark.annotation.ReadLimits;
import io.palispark.image.ImageLimits;
import io.palispark.spark.ImageFolder;
import io.palispark.spark.ImageSource;
import io.palispark.spark.PictureFrames;
import io.palispark.spark.Storage;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AnnotationReportTest {

    private static Path golden(String path) {
        try {
            return Path.of(Objects.requireNonNull(AnnotationReportTest.class.getResource("/formats/" + path))
                    .toURI());
        } catch (URISyntaxException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static ImageSource pictures(Path folder) {
        return new ImageFolder(Storage.withoutSession(), folder.toString(), ImageLimits.DEFAULT);
    }

    private static List<ObjectNode> describe(Optional<Path> images, Path... files) throws IOException {
        List<ObjectNode> lines = new ArrayList<>();
        List<AnnotationSource> sources = new ArrayList<>();
        for (Path file : files) {
            sources.add(AnnotationSource.of(file));
        }
        AnnotationReport report = new AnnotationReport(
                ReadLimits.DEFAULT,
                new PictureFrames(images.map(AnnotationReportTest::pictures), Frame.STORED, ImageLimits.DEFAULT),
                lines::add);
        for (AnnotationInput input :
                AnnotationPlan.of(sources, Optional.empty(), ReadLimits.DEFAULT).inputs()) {
            report.describe(input);
        }
        lines.add(report.counts());
        return lines;
    }

    @Test
    void describesObjectsOfTurnedPicturesUpright() throws IOException {
        List<ObjectNode> lines = describe(Optional.of(golden("exif/images")), golden("exif/coco-stored.json"));
        List<ObjectNode> objects =
                lines.stream().filter(line -> line.has("bbox")).toList();
        assertThat(objects).isNotEmpty();
        for (ObjectNode object : objects) {
            assertThat(sides(object.get("bbox")))
                    .as(object.get("image").asText())
                    .isEqualTo(upright(object.get("image").asText()));
        }
        assertThat(lines.get(lines.size() - 1).at("/counts/kept").asLong()).isEqualTo(objects.size());
    }

    private static List<Double> upright(String image) throws IOException {
        JsonNode expected =
                new ObjectMapper().readTree(golden("exif/expected.json").toFile());
        for (JsonNode one : expected.get("images")) {
            if (one.get("image").asText().equals(image)) {
                return sides(one.get("upright_bbox"));
            }
        }
        throw new IllegalArgumentException(image);
    }

    private static List<Double> sides(JsonNode box) {
        List<Double> sides = new ArrayList<>();
        box.forEach(side -> sides.add(side.asDouble()));
        return sides;
    }

    @Test
    void everyObjectOfARejectedImageIsARejectLine() throws IOException {
        List<ObjectNode> lines = describe(Optional.empty(), golden("coco/defects/name-parent.json"));
        assertThat(lines).filteredOn(line -> line.has("reject")).hasSize(3);
        assertThat(lines.get(lines.size() - 1).at("/counts/kept").asLong()).isZero();
        assertThat(lines.get(lines.size() - 1).at("/reasons/image-name-unsafe").asLong())
                .isEqualTo(3);
    }

    @Test
    void readsWhatBelongsTogetherFromOneList() throws IOException {
        Path corpus = SharedFolder.require("demo/corpus");
        Path annotations = corpus.resolve("annotations");
        List<ObjectNode> lines = describe(
                Optional.of(corpus.resolve("images")),
                annotations.resolve("instances.json"),
                annotations.resolve("captions.json"),
                annotations.resolve("vqa_questions.json"),
                annotations.resolve("vqa_annotations.json"));
        JsonNode counts = lines.get(lines.size() - 1).get("counts");
        assertThat(counts.get("objects").asLong()).isEqualTo(215);
        assertThat(counts.get("captions").asLong()).isEqualTo(192);
        assertThat(counts.get("questions").asLong()).isEqualTo(286);
        assertThat(counts.get("kept").asLong()).isEqualTo(215 + 192 + 286);
    }

    @Test
    void unknownWordsOfTheCommandLineAreAllNamedAtOnce() {
        assertThatThrownBy(() -> InspectAnnotationsJob.of(List.of(), "zolo", Optional.empty(), "sideways"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("zolo")
                .hasMessageContaining("sideways");
    }
}
