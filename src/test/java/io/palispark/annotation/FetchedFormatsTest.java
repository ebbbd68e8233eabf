package io.palispark.annotation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.palispark.SharedFolder;
import io.palispark.annotation.AnnotationRecord.CaptionRow;
import io.palispark.annotation.AnnotationRecord.ImageRow;
import io.palispark.annotation.AnnotationRecord.ObjectRow;
import io.palispark.geometry.Box;
import io.palispark.geometry.ImageSize;
import io.palispark.geometry.RunLengthMask;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Public samples, read in place, against what independent readers make of them. */
@Tag("fetched")
class FetchedFormatsTest {

    /** Datumaro keeps the numbers of a box; it clips nothing. */
    private static final double PIXELS = 1e-3;

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "yolo_dataset-labels, yolo-detect, yolo-detect",
        "yolo_dataset-strict, yolo-detect, yolo-detect",
        "roboflow_dataset-yolo, yolo-detect, yolo-detect",
        "roboflow_dataset-voc, voc-zero-based, voc-zero-based",
        "voc_dataset-voc_dataset1, voc-zero-based, voc",
        "coco_dataset-coco_instances, coco, coco",
        "coco_dataset-coco_stuff, coco, coco",
        "cvat_dataset-for_images, cvat, cvat",
        "cvat_dataset-for_video, cvat, cvat",
        "roboflow_dataset-createml, createml-corner, createml-corner",
        "ade20k2017_dataset-dataset, ade20k, ade20k",
        "ade20k2020_dataset-dataset, ade20k, ade20k",
        "labelme_dataset, labelme-xml, labelme-xml",
    })
    void boxesEqualThoseOfDatumaro(String name, String read, String recognised) throws IOException {
        Path fetched = SharedFolder.require("fixtures/fetched/datumaro");
        JsonNode expected = Goldens.json(fetched.resolve("expected/" + name + ".json"));
        Path root = fetched.resolve(expected.get("folder").asText());
        assertThat(Goldens.plan(root, root, Optional.empty()).inputs())
                .isNotEmpty()
                .allMatch(input -> input.format().label().equals(recognised));
        List<AnnotationRecord> records = Goldens.drain(Goldens.plan(root, root, AnnotationFormat.ofLabel(read)));
        Map<String, ImageRow> images = new HashMap<>();
        Goldens.only(ImageRow.class, records).forEach(row -> images.put(row.imageId(), row));
        int boxes = 0;
        for (JsonNode item : expected.get("items")) {
            List<Found> found = found(item, records, images);
            for (JsonNode annotation : item.get("annotations")) {
                if (isComparable(annotation, read)) {
                    boxes++;
                    assertThat(found).as(item.get("id") + " " + annotation).anyMatch(one -> one.isLike(annotation));
                }
            }
        }
        assertThat(boxes).isPositive();
    }

    private record Found(String label, Box box) {

        boolean isLike(JsonNode annotation) {
            double[] sides = {box.x(), box.y(), box.width(), box.height()};
            boolean like = label.equals(annotation.get("label").asText());
            for (int i = 0; i < sides.length; i++) {
                like &= Math.abs(sides[i] - annotation.get("bbox").get(i).asDouble()) <= PIXELS;
            }
            return like;
        }
    }

    /** Masks and outlines count as boxes where the format has them of objects. */
    private static final Map<String, List<String>> KINDS =
            Map.of("ade20k", List.of("ExtractedMask", "Mask"), "labelme-xml", List.of("Bbox", "Mask", "Polygon"));

    /** Boxes of objects: no parts of objects, and no shapes outside the picture of a video. */
    private static boolean isComparable(JsonNode annotation, String format) {
        return KINDS.getOrDefault(format, List.of("Bbox"))
                        .contains(annotation.get("kind").asText())
                && !List.of("head", "hand", "foot")
                        .contains(annotation.get("label").asText())
                && !annotation.path("attributes").path("outside").asBoolean();
    }

    private static List<Found> found(JsonNode item, List<AnnotationRecord> records, Map<String, ImageRow> images) {
        List<Found> found = new ArrayList<>();
        String id = item.get("id").asText();
        for (ObjectRow row : Goldens.only(ObjectRow.class, records)) {
            ImageRow image = images.get(row.imageId());
            if (image != null && PictureNames.stem(image.fileName()).endsWith(id)) {
                ImageSize size = item.get("size_hw").isNull()
                        ? new ImageSize(1000, 1000)
                        : new ImageSize(
                                item.get("size_hw").get(0).asInt(),
                                item.get("size_hw").get(1).asInt());
                Box shares = row.box() == null ? Regions.bounds(row.region()) : row.box();
                Box box = row.measure() != Measure.SHARES
                        ? shares
                        : new Box(
                                shares.x() * size.width(),
                                shares.y() * size.height(),
                                shares.width() * size.width(),
                                shares.height() * size.height());
                found.add(new Found(row.label(), box));
            }
        }
        return found;
    }

    @Test
    void captionsEqualThoseOfDatumaro() throws IOException {
        Path root = SharedFolder.require("fixtures/fetched/datumaro/tests/assets/coco_dataset/coco_captions");
        List<AnnotationRecord> records = Goldens.drain(Goldens.plan(root, root, Optional.empty()));
        assertThat(Goldens.only(CaptionRow.class, records))
                .extracting(CaptionRow::text)
                .containsExactlyInAnyOrder("hello", "world", "text");
    }

    @Test
    void panopticSegmentsEqualTheStatedOnes() throws IOException {
        Path root = SharedFolder.require("fixtures/fetched/panopticapi/sample_data");
        List<AnnotationSource> files = new ArrayList<>();
        for (String name : Goldens.namesBelow(root)) {
            if (!name.contains("2ch") && !name.startsWith("images_info")) {
                files.add(AnnotationSource.of(root.resolve(name), name));
            }
        }
        List<AnnotationRecord> records = Goldens.drain(AnnotationPlan.of(files, Optional.empty(), ReadLimits.DEFAULT));
        assertThat(Goldens.findings(records)).isEmpty();
        List<ObjectRow> rows = Goldens.only(ObjectRow.class, records);
        int segments = 0;
        for (JsonNode image : Goldens.json(root.resolve("../expected.json")).get("images")) {
            for (JsonNode segment : image.get("segments")) {
                segments++;
                String id =
                        image.get("image_id").asText() + "#" + segment.get("id").asText();
                assertThat(rows)
                        .filteredOn(row -> row.objectId().equals(id))
                        .singleElement()
                        .satisfies(row -> {
                            assertThat(row.label())
                                    .isEqualTo(segment.get("label").asText());
                            assertThat(((RunLengthMask) row.region()).counts())
                                    .isEqualTo(segment.get("mask").get("counts").asText());
                        });
            }
        }
        assertThat(rows).hasSize(segments);
    }

    @Test
    void labelStudioResultsEqualTheStatedBoxes() throws IOException {
        Path root = SharedFolder.require("fixtures/fetched/label-studio-sdk");
        int compared = 0;
        for (JsonNode expected : Goldens.json(root.resolve("expected.json")).get("results")) {
            String type = expected.get("type").asText();
            boolean upright = expected.path("rotation").asDouble(0) == 0;
            if (expected.has("bbox_px") && upright && !type.equals("keypointlabels")) {
                Path file = root.resolve("tests/custom/converter/data")
                        .resolve(expected.get("file").asText());
                List<AnnotationRecord> records =
                        Goldens.drain(Goldens.plan(file, root, Optional.of(AnnotationFormat.LABEL_STUDIO)));
                List<Found> found = Goldens.only(ObjectRow.class, records).stream()
                        .map(row -> new Found("", row.box() == null ? Regions.bounds(row.region()) : row.box()))
                        .toList();
                JsonNode box = expected.get("bbox_px");
                boolean same = found.stream().anyMatch(one -> isClose(one.box(), box));
                boolean severalAnnotators = Goldens.reasons(records).contains(ReasonCode.ANNOTATION_MULTIPLE);
                assertThat(same || severalAnnotators).as(expected.toString()).isTrue();
                compared += same ? 1 : 0;
            }
        }
        assertThat(compared).isGreaterThan(5);
    }

    private static boolean isClose(Box box, JsonNode expected) {
        double[] sides = {box.x(), box.y(), box.width(), box.height()};
        boolean close = true;
        for (int i = 0; i < sides.length; i++) {
            close &= Math.abs(sides[i] - expected.get(i).asDouble()) <= 1e-6;
        }
        return close;
    }

    @Test
    void discolightsFourCornersAndWidthsStateTheSameBoxes() throws IOException {
        Path root = SharedFolder.require("fixtures/fetched/discolight/fixtures");
        List<ObjectRow> corners = csv(root.resolve("annotations.csv"));
        List<ObjectRow> sizes = csv(root.resolve("annotations-wh.csv"));
        assertThat(corners).hasSameSizeAs(sizes).isNotEmpty();
        for (int i = 0; i < corners.size(); i++) {
            assertThat(corners.get(i).measure()).isEqualTo(Measure.SHARES);
            assertThat(corners.get(i).box().right())
                    .isCloseTo(sizes.get(i).box().right(), org.assertj.core.data.Offset.offset(2e-6));
        }
    }

    private static List<ObjectRow> csv(Path file) throws IOException {
        AnnotationPlan plan = Goldens.plan(file, file.getParent(), Optional.empty());
        assertThat(plan.inputs()).extracting(AnnotationInput::format).containsExactly(AnnotationFormat.CSV);
        return Goldens.only(ObjectRow.class, Goldens.drain(plan));
    }
}
