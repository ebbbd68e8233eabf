package io.palispark.job;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.palispark.annotation.AnnotationInput;
import io.palispark.annotation.AnnotationRecord.CaptionRow;
import io.palispark.annotation.AnnotationRecord.ObjectRow;
import io.palispark.annotation.AnnotationRecord.QuestionRow;
import io.palispark.annotation.AnnotationRecord.Totals;
import io.palispark.annotation.CheckedObject;
import io.palispark.annotation.Finding;
import io.palispark.annotation.ReadLimits;
import io.palispark.annotation.ReasonCode;
import io.palispark.geometry.Box;
import io.palispark.geometry.ImageSize;
import io.palispark.geometry.RunLengthMask;
import io.palispark.spark.CheckedRecord;
import io.palispark.spark.CheckedRecords;
import io.palispark.spark.PictureFrames;
import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What Palispark sees in annotation files, as the JSON records of {@code inspect annotations}: the same readers and
 * checks as in the jobs, without Spark.
 */
public final class AnnotationReport {

    private final ReadLimits limits;
    private final PictureFrames pictures;
    private final Consumer<ObjectNode> out;
    private final Map<ReasonCode, Long> reasons = new EnumMap<>(ReasonCode.class);
    private Totals read = new Totals("", 0, 0, 0, 0);
    private long kept;

    /**
     * A report to a consumer of lines.
     *
     * @param pictures where sizes and orientations come from
     * @param out takes one record after the other
     */
    public AnnotationReport(ReadLimits limits, PictureFrames pictures, Consumer<ObjectNode> out) {
        this.limits = limits;
        this.pictures = pictures;
        this.out = out;
    }

    /** Describes one input: a line an object, caption or question, and a line a finding. */
    public void describe(AnnotationInput input) throws IOException {
        try (CheckedRecords records = new CheckedRecords(input, limits, pictures)) {
            while (records.hasNext()) {
                CheckedRecord checked = records.next();
                if (checked.reject().isEmpty()) {
                    keep(checked);
                }
                checked.findings().forEach(finding -> finding(checked, finding));
            }
            add(records.totals());
        }
    }

    /** The last line: rows read, rows kept, and how often each reason was given. */
    public ObjectNode counts() {
        ObjectNode line = JsonNodeFactory.instance.objectNode();
        line.putObject("counts")
                .put("images", read.images())
                .put("objects", read.objects())
                .put("captions", read.captions())
                .put("questions", read.questions())
                .put("kept", kept);
        ObjectNode given = line.putObject("reasons");
        reasons.forEach((reason, count) -> given.put(reason.code(), count));
        return line;
    }

    private void keep(CheckedRecord checked) {
        ObjectNode line = JsonNodeFactory.instance
                .objectNode()
                .put("image", image(checked, checked.imageId()))
                .put("id", checked.id());
        if (checked.row().orElse(null) instanceof ObjectRow row) {
            putObject(line, row, checked.object().orElseThrow());
        } else if (checked.row().orElse(null) instanceof CaptionRow row) {
            line.put("caption", row.text());
        } else if (checked.row().orElse(null) instanceof QuestionRow row) {
            line.put("question", row.question());
            row.answers().forEach(line.putArray("answers")::add);
            line.put("answer", row.chosenAnswer());
        } else {
            return;
        }
        kept++;
        out.accept(line);
    }

    private static void putObject(ObjectNode line, ObjectRow row, CheckedObject object) {
        line.put("label", row.label());
        Box box = object.box();
        line.putArray("bbox").add(box.x()).add(box.y()).add(box.width()).add(box.height());
        putMask(line, object.mask());
        line.putObject("flags").put("crowd", row.crowd());
    }

    private static void putMask(ObjectNode line, Optional<RunLengthMask> mask) {
        if (mask.isEmpty()) {
            line.putNull("segmentation");
            return;
        }
        ImageSize size = mask.get().size();
        ObjectNode segmentation = line.putObject("segmentation");
        segmentation.putArray("size").add(size.height()).add(size.width());
        segmentation.put("counts", mask.get().counts());
    }

    private void finding(CheckedRecord checked, Finding finding) {
        reasons.merge(finding.reason(), 1L, Long::sum);
        String outcome = switch (finding.outcome()) {
            case REJECT_FILE, REJECT_IMAGE, REJECT_OBJECT -> "reject";
            case REPAIR -> "repair";
            case WARN -> "warn";
        };
        out.accept(JsonNodeFactory.instance
                .objectNode()
                .put(outcome, finding.reason().code())
                .put("source", finding.source())
                .put("image", image(checked, finding.image()))
                .put("object", finding.object())
                .put("detail", finding.detail()));
    }

    private static String image(CheckedRecord checked, String otherwise) {
        return checked.picture().map(CheckedRecord.Picture::name).orElse(otherwise);
    }

    private void add(Totals totals) {
        read = new Totals(
                "",
                read.images() + totals.images(),
                read.objects() + totals.objects(),
                read.captions() + totals.captions(),
                read.questions() + totals.questions());
    }
}
