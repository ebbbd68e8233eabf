package io.palispark.annotation;

import static org.assertj.core.api.Assertions.assertThat;

import io.palispark.annotation.AnnotationRecord.ImageRow;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A field of the picture that the format itself has no use for comes along as the group. */
class GroupFieldTest {

    @ParameterizedTest
    @CsvSource({
        "coco, annotations, images, height, 96",
        "lvis, lvis_shapes.json, ., height, 96",
        "csv, width-height-pixels.csv, images, LABEL, cat",
        "hf-imagefolder, ., ., width, 128",
        "label-studio, export.json, images, image, 000001.png",
        "labelme, ., ., version, 5.4.1",
        "cvat, annotations.xml, images, subset, Train",
        "voc, VOC2012, VOC2012/JPEGImages, folder, VOC2012",
        "paligemma-jsonl, ., ., prefix, detect cat ; dog",
    })
    void theFieldOfTheFirstPictureIsItsGroup(
            String folder, String annotations, String images, String field, String group) throws IOException {
        Path root = Goldens.folder(folder);
        AnnotationPlan plan = Goldens.plan(root.resolve(annotations), root.resolve(images), Optional.empty());
        List<AnnotationRecord> records = new ArrayList<>();
        for (AnnotationInput input : plan.inputs()) {
            records.addAll(Goldens.drain(input.open(ReadLimits.DEFAULT.withGroupField(field))));
        }

        assertThat(Goldens.only(ImageRow.class, records))
                .filteredOn(row -> row.fileName().endsWith("000001.png"))
                .extracting(ImageRow::group)
                .first()
                .asString()
                .endsWith(group);
    }
}
