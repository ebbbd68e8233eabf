package io.palispark.annotation;

import static io.palispark.annotation.Goldens.drain;
import static io.palispark.annotation.Goldens.findings;
import static io.palispark.annotation.Goldens.only;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.palispark.SharedFolder;
import io.palispark.annotation.AnnotationRecord.CaptionRow;
import io.palispark.annotation.AnnotationRecord.ImageRow;
import io.palispark.annotation.AnnotationRecord.ObjectRow;
import io.palispark.annotation.AnnotationRecord.QuestionRow;
import io.palispark.annotation.AnnotationRecord.Totals;
import io.palispark.geometry.Box;
import io.palispark.geometry.ImageSize;
import io.palispark.geometry.RunLengthMask;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The well-formed goldens: what is read equals {@code expected.json}, boxes within 1e-6 pixels and masks exactly. */
class CocoGoldenTest {

    @Test
    void objectsEqualTheTruth() throws IOException {
        Path folder = Goldens.folder("coco");
        List<AnnotationRecord> records =
                read(CocoReader.open(source(folder, "annotations/instances_shapes.json"), ReadLimits.DEFAULT));
        ImageJoin join = ImageJoin.of(records, folder.resolve("images"));
        assertThat(join.findings()).isEmpty();
        List<CheckedObject> objects = new ArrayList<>(join.objects());
        for (JsonNode image : Goldens.json(folder.resolve("expected.json")).get("images")) {
            for (JsonNode expected : image.get("objects")) {
                CheckedObject object = objects.remove(0);
                assertThat(join.images().get(object.source().imageId()).fileName())
                        .isEqualTo(image.get("image").asText());
                assertObject(object, expected);
            }
        }
        assertThat(objects).isEmpty();
    }

    private static void assertObject(CheckedObject object, JsonNode expected) {
        assertThat(object.source().label()).isEqualTo(expected.get("label").asText());
        assertThat(object.source().crowd()).isEqualTo(expected.get("crowd").asBoolean());
        assertThat(object.source().area()).isEqualTo(expected.get("area").asDouble());
        Box box = Goldens.box(expected.get("bbox"));
        assertThat(new double[] {
                    object.box().x(),
                    object.box().y(),
                    object.box().width(),
                    object.box().height()
                })
                .containsExactly(new double[] {box.x(), box.y(), box.width(), box.height()}, within());
        JsonNode size = expected.get("mask").get("size");
        RunLengthMask mask = RunLengthMask.parse(
                new ImageSize(size.get(0).asInt(), size.get(1).asInt()),
                expected.get("mask").get("counts").asText());
        assertThat(object.mask()).contains(mask);
    }

    private static org.assertj.core.data.Offset<Double> within() {
        return org.assertj.core.data.Offset.offset(1e-6);
    }

    @Test
    void captionsEqualTheTruth() throws IOException {
        Path folder = Goldens.folder("coco-captions");
        List<AnnotationRecord> records =
                read(CaptionReader.open(source(folder, "annotations/captions_shapes.json"), ReadLimits.DEFAULT));
        assertThat(findings(records)).isEmpty();
        Map<String, List<String>> captions = new HashMap<>();
        Map<String, String> names = new HashMap<>();
        only(ImageRow.class, records).forEach(row -> names.put(row.imageId(), row.fileName()));
        only(CaptionRow.class, records)
                .forEach(row -> captions.computeIfAbsent(names.get(row.imageId()), name -> new ArrayList<>())
                        .add(row.text()));
        for (JsonNode image : Goldens.json(folder.resolve("expected.json")).get("images")) {
            assertThat(captions.get(image.get("image").asText())).isEqualTo(Goldens.texts(image.get("captions")));
        }
    }

    @Test
    void questionsEqualTheTruth() throws IOException {
        Path folder = Goldens.folder("vqav2");
        List<AnnotationRecord> records = read(VqaReader.open(
                source(folder, "v2_OpenEnded_mscoco_val2014_questions.json"),
                source(folder, "v2_mscoco_val2014_annotations.json"),
                ReadLimits.DEFAULT));
        assertThat(findings(records)).isEmpty();
        List<QuestionRow> rows = new ArrayList<>(only(QuestionRow.class, records));
        for (JsonNode expected : Goldens.json(folder.resolve("expected.json")).get("questions")) {
            QuestionRow row = rows.remove(0);
            assertThat(row.questionId()).isEqualTo(expected.get("question_id").asText());
            assertThat(row.question()).isEqualTo(expected.get("question").asText());
            assertThat(row.answers()).isEqualTo(Goldens.texts(expected.get("answers")));
            assertThat(row.chosenAnswer())
                    .isEqualTo(expected.get("multiple_choice_answer").asText());
        }
        assertThat(rows).isEmpty();
    }

    @Test
    void theDemoCorpusReadsCleanly() throws IOException {
        Path folder = SharedFolder.require("demo/corpus/annotations");
        List<AnnotationRecord> objects = read(CocoReader.open(source(folder, "instances.json"), ReadLimits.DEFAULT));
        List<AnnotationRecord> captions = read(CaptionReader.open(source(folder, "captions.json"), ReadLimits.DEFAULT));
        AnnotationSource questions = source(folder, "vqa_questions.json");
        List<AnnotationRecord> answered =
                read(VqaReader.open(questions, source(folder, "vqa_annotations.json"), ReadLimits.DEFAULT));
        assertThat(objects)
                .last()
                .isEqualTo(new Totals(source(folder, "instances.json").name(), 96, 215, 0, 0));
        assertThat(captions)
                .last()
                .isEqualTo(new Totals(source(folder, "captions.json").name(), 96, 0, 192, 0));
        assertThat(answered).last().isEqualTo(new Totals(questions.name(), 0, 0, 0, 286));
        assertThat(findings(objects)).isEmpty();
        assertThat(findings(captions)).isEmpty();
        assertThat(findings(answered)).isEmpty();
    }

    @Test
    @Tag("fetched")
    void everyObjectOfTheHundredCocoImagesKeepsBoxAndMask() throws IOException {
        Path folder = SharedFolder.require("fixtures/fetched/faster_coco_eval/tests/dataset/cocoapi");
        List<AnnotationRecord> records =
                read(CocoReader.open(source(folder, "instances_val2014_100.json"), ReadLimits.DEFAULT));
        Map<String, ImageSize> sizes = new HashMap<>();
        only(ImageRow.class, records)
                .forEach(row -> sizes.put(row.imageId(), new ImageSize(row.declaredHeight(), row.declaredWidth())));
        List<ObjectRow> rows = only(ObjectRow.class, records);
        assertThat(rows).hasSize(839);
        assertThat(rows).allSatisfy(row -> {
            CheckedObject checked = ObjectCheck.check("coco", row, sizes.get(row.imageId()));
            assertThat(checked.isRejected()).isFalse();
            assertThat(checked.mask()).isPresent();
        });
    }

    private static AnnotationSource source(Path folder, String file) {
        return AnnotationSource.of(folder.resolve(file));
    }

    private static List<AnnotationRecord> read(AnnotationReader reader) throws IOException {
        List<AnnotationRecord> records = drain(reader);
        DefectCasesTest.assertLedger(records);
        return records;
    }
}
