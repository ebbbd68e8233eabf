package io.palispark.annotation;

import static io.palispark.annotation.Goldens.drain;
import static io.palispark.annotation.Goldens.findings;
import static io.palispark.annotation.Goldens.only;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.palispark.annotation.AnnotationRecord.CaptionRow;
import io.palispark.annotation.AnnotationRecord.ImageRow;
import io.palispark.annotation.AnnotationRecord.ObjectRow;
import io.palispark.annotation.AnnotationRecord.QuestionRow;
import io.palispark.annotation.AnnotationRecord.Totals;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every file of {@code formats/<format>/defects}: one defect each, its reason, outcome and what survives. */
class DefectCasesTest {

    static Stream<Named<JsonNode>> coco() throws IOException {
        return named("coco");
    }

    static Stream<Named<JsonNode>> captions() throws IOException {
        return named("coco-captions");
    }

    static Stream<Named<JsonNode>> questions() throws IOException {
        return named("vqav2");
    }

    private static Stream<Named<JsonNode>> named(String format) throws IOException {
        return Goldens.cases(format).stream()
                .map(golden -> Named.of(golden.get("file").asText(), golden));
    }

    @ParameterizedTest
    @MethodSource("coco")
    void cocoDefectEndsInItsReason(JsonNode golden) throws IOException {
        Path folder = Goldens.folder("coco");
        AnnotationSource source = AnnotationSource.of(
                folder.resolve("defects").resolve(golden.get("file").asText()));
        List<AnnotationRecord> records = drain(CocoReader.open(source, ReadLimits.DEFAULT));
        assertLedger(records);
        ImageJoin join = ImageJoin.of(records, folder.resolve("images"));
        assertOutcome(golden, join.findings());
        assertThat(join.objects()).hasSize(golden.get("kept").asInt());
        if (golden.has("bbox")) {
            assertThat(join.objects().get(1).box()).isEqualTo(Goldens.box(golden.get("bbox")));
        }
    }

    @ParameterizedTest
    @MethodSource("captions")
    void captionDefectEndsInItsReason(JsonNode golden) throws IOException {
        Path folder = Goldens.folder("coco-captions");
        AnnotationSource source = AnnotationSource.of(
                folder.resolve("defects").resolve(golden.get("file").asText()));
        List<AnnotationRecord> records = drain(CaptionReader.open(source, ReadLimits.DEFAULT));
        assertLedger(records);
        ImageJoin join = ImageJoin.of(records, folder.resolve("images"));
        assertOutcome(golden, join.findings());
        List<CaptionRow> kept = only(CaptionRow.class, records).stream()
                .filter(row -> join.isUsable(row.imageId()))
                .toList();
        assertThat(kept).hasSize(golden.get("kept").asInt());
        if (golden.has("text")) {
            assertThat(kept.get(1).text()).isEqualTo(golden.get("text").asText());
        }
    }

    @ParameterizedTest
    @MethodSource("questions")
    void questionDefectEndsInItsReason(JsonNode golden) throws IOException {
        Path folder = Goldens.folder("vqav2");
        Path defects = folder.resolve("defects");
        AnnotationSource asked =
                AnnotationSource.of(defects.resolve(golden.get("file").asText()));
        AnnotationSource answered =
                AnnotationSource.of(defects.resolve(golden.get("annotations").asText()));
        List<AnnotationRecord> records = drain(VqaReader.open(asked, answered, ReadLimits.DEFAULT));
        assertLedger(records);
        List<QuestionRow> kept = only(QuestionRow.class, records).stream()
                .filter(row -> Goldens.vqaImage(folder.resolve("val2014"), row.imageId()))
                .toList();
        assertThat(kept).hasSize(golden.get("kept").asInt());
        if (golden.get("code").asText().equals("image-missing")) {
            assertThat(findings(records)).isEmpty();
            assertThat(only(QuestionRow.class, records)).hasSize(2);
        } else {
            assertOutcome(golden, findings(records));
        }
    }

    /** The golden's finding is there, and nothing is rejected that it does not reject. */
    static void assertOutcome(JsonNode golden, List<Finding> findings) {
        Outcome outcome = Outcome.valueOf(
                golden.get("outcome").asText().toUpperCase(Locale.ROOT).replace('-', '_'));
        assertThat(findings).anySatisfy(finding -> {
            assertThat(finding.reason().code()).isEqualTo(golden.get("code").asText());
            assertThat(finding.outcome()).isEqualTo(outcome);
            assertThat(finding.detail()).isNotBlank();
        });
        Outcome harshest = outcome.isReject() ? outcome : Outcome.REPAIR;
        assertThat(findings).allSatisfy(finding -> assertThat(finding.outcome()).isGreaterThanOrEqualTo(harshest));
    }

    static void assertLedger(List<AnnotationRecord> records) {
        List<Totals> totals = only(Totals.class, records);
        assertThat(totals).hasSize(1);
        assertThat(records).last().isEqualTo(totals.get(0));
        assertCounted(records);
    }

    /** Every row that the readers of one or more files counted is there as itself or as one reject. */
    static void assertCounted(List<AnnotationRecord> records) {
        List<Totals> totals = only(Totals.class, records);
        List<AnnotationRecord.FindingRow> rejects = only(AnnotationRecord.FindingRow.class, records).stream()
                .filter(row -> row.finding().outcome().isReject())
                .toList();
        assertThat(totals.stream().mapToLong(Totals::images).sum())
                .isEqualTo(only(ImageRow.class, records).size() + count(rejects, AnnotationRecord.RowKind.IMAGE));
        assertThat(totals.stream().mapToLong(Totals::objects).sum())
                .isEqualTo(only(ObjectRow.class, records).size() + count(rejects, AnnotationRecord.RowKind.OBJECT));
        assertThat(totals.stream().mapToLong(Totals::captions).sum())
                .isEqualTo(only(CaptionRow.class, records).size() + count(rejects, AnnotationRecord.RowKind.CAPTION));
        assertThat(totals.stream().mapToLong(Totals::questions).sum())
                .isEqualTo(only(QuestionRow.class, records).size() + count(rejects, AnnotationRecord.RowKind.QUESTION));
    }

    private static long count(List<AnnotationRecord.FindingRow> rejects, AnnotationRecord.RowKind kind) {
        return rejects.stream().filter(row -> row.kind() == kind).count();
    }
}
