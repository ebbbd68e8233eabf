package io.palispark.annotation;

import static io.palispark.annotation.Goldens.only;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.palispark.SharedFolder;
import io.palispark.annotation.AnnotationRecord.CaptionRow;
import io.palispark.annotation.AnnotationRecord.ImageRow;
import io.palispark.annotation.AnnotationRecord.ObjectRow;
import io.palispark.annotation.AnnotationRecord.QuestionRow;
import io.palispark.geometry.Box;
import io.palispark.geometry.ImageSize;
import io.palispark.geometry.RunLengthMask;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Formats without a folder of goldens: small files written by hand. */
class SmallFormatsTest {

    private static List<AnnotationRecord> read(AnnotationFormat format, String folder) throws IOException {
        Path root = Goldens.folder(folder);
        AnnotationPlan plan = Goldens.plan(root, root, Optional.empty());
        assertThat(plan.inputs()).extracting(AnnotationInput::format).containsExactly(format);
        return Goldens.drain(plan);
    }

    private static List<AnnotationRecord> lines(AnnotationFormat format, String... lines) throws IOException {
        byte[] content = String.join("\n", lines).getBytes(StandardCharsets.UTF_8);
        AnnotationPlan plan = AnnotationPlan.of(
                List.of(Goldens.named("rows.jsonl", content)), Optional.of(format), ReadLimits.DEFAULT);
        return Goldens.drain(plan);
    }

    private static String row(String prefix, String suffix) {
        return "{\"image\":\"a.jpg\",\"prefix\":\"" + prefix + "\",\"suffix\":\"" + suffix + "\"}";
    }

    @Test
    void panopticSegmentsKeepPixelsAndNumbers() throws IOException {
        List<AnnotationRecord> records = read(AnnotationFormat.COCO_PANOPTIC, "coco-panoptic");
        assertThat(Goldens.findings(records)).isEmpty();
        assertThat(only(ObjectRow.class, records))
                .hasSize(4)
                .allSatisfy(
                        row -> assertThat(((RunLengthMask) row.region()).area()).isEqualTo((long) row.area()));
        assertThat(only(ObjectRow.class, records)).filteredOn(ObjectRow::crowd).hasSize(1);
    }

    @Test
    void wordsAreLabelsAndWhatNobodyCouldReadIsACrowd() throws IOException {
        List<AnnotationRecord> records = read(AnnotationFormat.COCO_TEXT, "coco-text");
        assertThat(only(ObjectRow.class, records))
                .extracting(ObjectRow::label, ObjectRow::crowd)
                .containsExactly(tuple("STOP; now", false), tuple("illegible text", true));
        assertThat(Goldens.reasons(records))
                .containsExactly(ReasonCode.CATEGORY_NAME_SEPARATOR, ReasonCode.ANNOTATION_ORPHAN);
        assertThat(only(ImageRow.class, records)).extracting(ImageRow::split).containsExactly("train");
    }

    @Test
    void cityscapesThingsAreInstancesAndTheirGroupsCrowds() throws IOException {
        List<AnnotationRecord> records = read(AnnotationFormat.CITYSCAPES, "cityscapes");
        assertThat(Goldens.findings(records)).isEmpty();
        assertThat(only(ObjectRow.class, records))
                .extracting(ObjectRow::label, ObjectRow::crowd)
                .containsExactly(
                        tuple("road", false),
                        tuple("sky", false),
                        tuple("person", true),
                        tuple("car", false),
                        tuple("car", false));
        assertThat(only(ImageRow.class, records))
                .extracting(ImageRow::fileName, ImageRow::split)
                .containsExactly(tuple("leftImg8bit/val/town/town_000000_000001_leftImg8bit.png", "val"));
    }

    @Test
    void paliGemmaRowsBecomeObjectsCaptionsAndQuestions() throws IOException {
        List<AnnotationRecord> records = read(AnnotationFormat.PALIGEMMA_JSONL, "paligemma-jsonl");
        assertThat(only(ImageRow.class, records)).hasSize(5);
        assertThat(only(ObjectRow.class, records))
                .extracting(ObjectRow::label)
                .containsExactly("cat", "dog", "traffic light");
        assertThat(only(CaptionRow.class, records)).hasSize(1);
        assertThat(only(QuestionRow.class, records))
                .extracting(QuestionRow::question, QuestionRow::chosenAnswer)
                .containsExactly(tuple("how many shapes are there?", "3"));
        assertThat(Goldens.reasons(records)).containsExactly(ReasonCode.MASK_MISSING);
    }

    @Test
    void paliGemmaRowsAreRepairedWhereTheMeaningIsPlain() throws IOException {
        List<AnnotationRecord> records = lines(
                AnnotationFormat.PALIGEMMA_JSONL,
                row("detect cat", "<loc0512><loc0100><loc0256><loc1024>"),
                row("detect cat", "<loc0001><loc0002><loc0003> cat"),
                row("detect cat", "<loc0001><loc0002><loc0003><loc2000> cat"),
                row("detect cat ; dog", "<loc0001><loc0002><loc0003><loc0004>"),
                "{\"image\":\"a.jpg\",\"prefix\":\"caption en\",\"suffix\":\"a sign reads \"stop.\" at night\"}");
        assertThat(Goldens.reasons(records))
                .containsExactly(
                        ReasonCode.CATEGORY_MISSING,
                        ReasonCode.BOX_CLIPPED,
                        ReasonCode.BOX_INVERTED,
                        ReasonCode.BOX_FIELD_COUNT,
                        ReasonCode.NUMBER_INVALID,
                        ReasonCode.CATEGORY_MISSING,
                        ReasonCode.SYNTAX_INVALID);
        ObjectRow repaired = only(ObjectRow.class, records).get(0);
        assertThat(repaired.label()).isEqualTo("cat");
        assertThat(repaired.box()).isEqualTo(Box.between(100.0 / 1023, 256.0 / 1023, 1, 512.0 / 1023));
        assertThat(Goldens.findings(records).get(6).detail()).contains("line 5").contains("column");
    }

    @Test
    void theScaleOfLocationTokensIsTheFormats() throws IOException {
        String row = row("detect cat", "<loc0000><loc0000><loc0512><loc0512> cat");
        ImageSize size = new ImageSize(1024, 1024);
        ObjectRow shares = only(ObjectRow.class, lines(AnnotationFormat.PALIGEMMA_JSONL_1024, row))
                .get(0);
        assertThat(ObjectCheck.check("test", shares, size).box()).isEqualTo(new Box(0, 0, 512, 512));
        shares = only(ObjectRow.class, lines(AnnotationFormat.PALIGEMMA_JSONL, row))
                .get(0);
        assertThat(ObjectCheck.check("test", shares, size).box().width()).isEqualTo(512.0 / 1023 * 1024);
    }

    @Test
    void theExampleRowsOfTheArticleAreValidButForCaptionsWithInnerQuotes() throws IOException {
        List<String> examples = Files.readAllLines(SharedFolder.require("reference/primer.txt")).stream()
                .filter(line -> line.startsWith("{\"image\""))
                .toList();
        List<AnnotationRecord> records = lines(AnnotationFormat.PALIGEMMA_JSONL, examples.toArray(new String[0]));
        assertThat(only(ObjectRow.class, records)).hasSizeGreaterThanOrEqualTo(10);
        assertThat(Goldens.findings(records))
                .allSatisfy(finding ->
                        assertThat(finding.reason()).isIn(ReasonCode.MASK_MISSING, ReasonCode.SYNTAX_INVALID));
        assertThat(Goldens.reasons(records)).contains(ReasonCode.SYNTAX_INVALID);
    }
}
