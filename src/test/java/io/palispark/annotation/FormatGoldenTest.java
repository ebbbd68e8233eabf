package io.palispark.annotation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.palispark.geometry.ImageSize;
import io.palispark.geometry.RunLengthMask;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One truth in many formats: each folder is recognised and gives the objects of its {@code expected.json}. */
class FormatGoldenTest {

    /** What a format cannot say and its reader therefore remarks on. */
    private static final Map<AnnotationFormat, Set<ReasonCode>> REMARKS =
            Map.of(AnnotationFormat.VOC, EnumSet.noneOf(ReasonCode.class));

    @ParameterizedTest
    @CsvSource({
        "coco,coco,annotations,images",
        "lvis,lvis,lvis_shapes.json,.",
        "yolo-detect,yolo-detect,.,.",
        "yolo-segment,yolo-segment,.,.",
        "voc,voc,VOC2012,VOC2012/JPEGImages",
        "labelme,labelme,.,.",
        "cvat,cvat,annotations.xml,images",
        "label-studio,label-studio,export.json,images",
        "hf-imagefolder,hf-imagefolder,.,.",
        "open-images,open-images,.,images",
        "csv,csv,four-corner-normalised.csv,images",
        "csv,csv,four-corner-pixels.csv,images",
        "csv,csv,width-height-pixels.csv,images",
    })
    void objectsEqualTheTruth(String label, String folder, String annotations, String images) throws IOException {
        AnnotationFormat format = AnnotationFormat.ofLabel(label).orElseThrow();
        Path root = Goldens.folder(folder);
        AnnotationPlan plan = Goldens.plan(root.resolve(annotations), root.resolve(images), Optional.empty());
        assertThat(plan.inputs()).isNotEmpty().allSatisfy(input -> {
            assertThat(input.format()).isEqualTo(format);
            assertThat(input.why()).isNotBlank();
        });
        List<AnnotationRecord> records = Goldens.drain(plan);
        ImageJoin join = ImageJoin.of(records, root.resolve(images));
        assertThat(join.findings())
                .filteredOn(finding -> !REMARKS.getOrDefault(format, Set.of()).contains(finding.reason()))
                .isEmpty();
        assertImages(join, Goldens.json(root.resolve("expected.json")));
    }

    static void assertImages(ImageJoin join, JsonNode expected) {
        Map<String, List<CheckedObject>> objects = join.objects().stream()
                .collect(Collectors.groupingBy(
                        object -> join.images().get(object.source().imageId()).fileName()));
        for (JsonNode image : expected.get("images")) {
            String name = image.get("image").asText();
            List<CheckedObject> found = new ArrayList<>();
            join.images().values().stream()
                    .filter(row -> row.fileName().equals(name) || name.endsWith("/" + row.fileName()))
                    .forEach(row -> found.addAll(objects.getOrDefault(row.fileName(), List.of())));
            for (JsonNode one : image.get("objects")) {
                assertThat(found).as(name + " " + one).anySatisfy(object -> assertObject(object, one));
            }
            assertThat(found).as(name).hasSize(image.get("objects").size());
        }
    }

    static void assertObject(CheckedObject object, JsonNode expected) {
        assertThat(object.source().label()).isEqualTo(expected.get("label").asText());
        assertThat(object.source().crowd()).isEqualTo(expected.path("crowd").asBoolean());
        Goldens.assertBox(object.box(), expected.get("bbox"));
        JsonNode mask = expected.get("mask");
        assertThat(object.mask().map(RunLengthMask::counts).orElse("none"))
                .isEqualTo(mask.isNull() ? "none" : mask.get("counts").asText());
        if (!mask.isNull()) {
            JsonNode size = mask.get("size");
            assertThat(object.mask().orElseThrow().size())
                    .isEqualTo(new ImageSize(size.get(0).asInt(), size.get(1).asInt()));
        }
    }
}
