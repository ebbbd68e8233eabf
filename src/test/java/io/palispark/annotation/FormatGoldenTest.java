package io.palispark.annotation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.palispark.geometry.ImageSize;
import io.palispark.geometry.RunLengthMask;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One truth in many formats: each folder is recognised and gives the objects of its {@code expected.json}. */
class FormatGoldenTest {

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
        "createml,createml,annotations.json,../labelme",
        "createml-corner,createml-corner,annotations.json,../labelme",
        "labelme-xml,labelme-xml,.,Images",
        "ade20k,ade20k,.,.",
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
        assertThat(join.findings()).isEmpty();
        assertImages(join, Goldens.json(root.resolve("expected.json")));
    }

    @ParameterizedTest
    @CsvSource({
        "mask-indices,index",
        "mask-indices,palette",
        "mask-colours,colour",
        "mask-instances,instance-16bit",
        "mask-objects,binary",
    })
    void labelPicturesEqualTheTruth(String label, String layout) throws IOException {
        Path root = Goldens.folder("mask-png");
        List<AnnotationSource> files = new ArrayList<>();
        for (String name : Goldens.namesBelow(root.resolve(layout))) {
            files.add(AnnotationSource.of(root.resolve(layout).resolve(name), name));
        }
        files.add(AnnotationSource.of(root.resolve("classes.json"), "classes.json"));
        files.add(AnnotationSource.of(root.resolve("colours.csv"), "colours.csv"));
        PictureNames pictures = new PictureNames(() -> Goldens.namesBelow(root.resolve("images")));
        AnnotationPlan plan = AnnotationPlan.of(files, pictures, Optional.empty(), ReadLimits.DEFAULT);
        assertThat(plan.inputs())
                .isNotEmpty()
                .allSatisfy(input -> assertThat(input.format().label()).isEqualTo(label));
        ImageJoin join = ImageJoin.of(Goldens.drain(plan), root.resolve("images"));
        assertThat(join.findings())
                .filteredOn(finding -> finding.reason() != ReasonCode.MASK_EMPTY)
                .isEmpty();
        assertImages(join, Goldens.json(root.resolve("expected-" + layout + ".json")));
    }

    @ParameterizedTest
    @CsvSource({"refcoco,refcoco/refer/refshapes", "mdetr,refcoco/mdetr"})
    void everyExpressionIsAnObject(String label, String annotations) throws IOException {
        Path root = Goldens.folder("refcoco");
        Path images = root.resolve("train2014");
        AnnotationPlan plan = Goldens.plan(Goldens.folder(annotations), images, Optional.empty());
        assertThat(plan.inputs())
                .extracting(AnnotationInput::format)
                .containsExactly(AnnotationFormat.ofLabel(label).orElseThrow());
        ImageJoin join = ImageJoin.of(Goldens.drain(plan), images);
        assertThat(join.findings())
                .filteredOn(finding -> finding.reason() != ReasonCode.RECORD_CONTRADICTION)
                .isEmpty();
        int expressions = 0;
        for (JsonNode image : Goldens.json(root.resolve("expected.json")).get("images")) {
            for (JsonNode object : image.get("objects")) {
                for (JsonNode expression : object.path("expressions")) {
                    expressions++;
                    ObjectNode expected = object.deepCopy();
                    expected.put("label", expression.asText());
                    assertThat(join.objects()).anySatisfy(found -> assertObject(found, expected));
                }
            }
        }
        assertThat(join.objects()).hasSize(expressions);
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
