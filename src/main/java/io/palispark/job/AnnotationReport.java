package io.palispark.job;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.palispark.annotation.AnnotationInput;
import io.palispark.annotation.AnnotationReader;
import io.palispark.annotation.AnnotationRecord;
import io.palispark.annotation.AnnotationRecord.CaptionRow;
import io.palispark.annotation.AnnotationRecord.FindingRow;
import io.palispark.annotation.AnnotationRecord.ImageRow;
import io.palispark.annotation.AnnotationRecord.ObjectRow;
import io.palispark.annotation.AnnotationRecord.QuestionRow;
import io.palispark.annotation.AnnotationRecord.Totals;
import io.palispark.annotation.CheckedObject;
import io.palispark.annotation.Finding;
import io.palispark.annotation.ObjectCheck;
import io.palispark.annotation.Outcome;
import io.palispark.annotation.ReadLimits;
import io.palispark.annotation.ReasonCode;
import io.palispark.geometry.Box;
import io.palispark.geometry.ImageSize;
import io.palispark.geometry.RunLengthMask;
import java.io.IOException;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What Palispark sees in annotation files, as the JSON records of {@code inspect annotations}: the same readers and
 * checks as in the jobs, without Spark. Boxes and masks are those of the upright picture. The image rows of one input
 * are held in memory.
 */
public final class AnnotationReport {

    private final ReadLimits limits;
    private final PictureFrames pictures;
    private final Consumer<ObjectNode> out;
    private final Map<ReasonCode, Long> reasons = new EnumMap<>(ReasonCode.class);
    private Totals read = new Totals("", 0, 0, 0, 0);
    private long kept;

    private final Map<String, Picture> images = new HashMap<>();
    private final Map<String, ReasonCode> rejectedImages = new HashMap<>();

    private record Picture(String name, PictureFrames.Placement placement) {}

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
        images.clear();
        rejectedImages.clear();
        String source = input.name();
        placeImages(input, source);
        try (AnnotationReader reader = input.open(limits)) {
            while (reader.hasNext()) {
                describe(source, reader.next());
            }
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

    /** Pictures first: their rows may stand behind the objects in the file. */
    private void placeImages(AnnotationInput input, String source) throws IOException {
        try (AnnotationReader reader = input.open(limits)) {
            while (reader.hasNext()) {
                AnnotationRecord record = reader.next();
                if (record instanceof ImageRow row) {
                    PictureFrames.Placement placement = pictures.place(source, row);
                    images.put(row.imageId(), new Picture(row.fileName(), placement));
                    placement.findings().forEach(this::finding);
                } else if (record instanceof FindingRow row && row.finding().outcome() == Outcome.REJECT_IMAGE) {
                    rejectedImages.put(row.imageId(), row.finding().reason());
                }
            }
        }
    }

    private void describe(String source, AnnotationRecord record) {
        if (record instanceof FindingRow row) {
            finding(row.finding());
        } else if (record instanceof Totals totals) {
            add(totals);
        } else if (record instanceof ObjectRow row && isUsable(source, row.imageId(), row.objectId())) {
            object(source, row);
        } else if (record instanceof CaptionRow row && isUsable(source, row.imageId(), row.captionId())) {
            keep(line(row.imageId(), row.captionId()).put("caption", row.text()));
        } else if (record instanceof QuestionRow row && isUsable(source, row.imageId(), row.questionId())) {
            ObjectNode line = line(row.imageId(), row.questionId()).put("question", row.question());
            row.answers().forEach(line.putArray("answers")::add);
            keep(line.put("answer", row.chosenAnswer()));
        }
    }

    private void object(String source, ObjectRow row) {
        PictureFrames.Placement placement = images.get(row.imageId()).placement();
        ImageSize size = placement.size().orElseThrow();
        CheckedObject object = ObjectCheck.check(source, row, size);
        if (!object.isRejected()) {
            ObjectNode line = line(row.imageId(), row.objectId()).put("label", row.label());
            Box box = placement.turn().apply(object.box(), size);
            line.putArray("bbox").add(box.x()).add(box.y()).add(box.width()).add(box.height());
            putMask(line, object.mask().map(placement.turn()::apply));
            line.putObject("flags").put("crowd", row.crowd());
            keep(line);
        }
        object.findings().forEach(this::finding);
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

    /** Rejects a row whose image is rejected; rows of files without images are usable. */
    private boolean isUsable(String source, String imageId, String id) {
        ReasonCode reason = rejectedImages.get(imageId);
        Picture picture = images.get(imageId);
        if (picture != null && picture.placement().size().isEmpty()) {
            reason = picture.placement().findings().get(0).reason();
        }
        if (reason == null) {
            return true;
        }
        finding(new Finding(source, imageId, id, reason, Outcome.REJECT_OBJECT, "its image is rejected"));
        return false;
    }

    private ObjectNode line(String imageId, String id) {
        Picture picture = images.get(imageId);
        return JsonNodeFactory.instance
                .objectNode()
                .put("image", picture == null ? imageId : picture.name())
                .put("id", id);
    }

    private void keep(ObjectNode line) {
        kept++;
        out.accept(line);
    }

    private void finding(Finding finding) {
        reasons.merge(finding.reason(), 1L, Long::sum);
        String outcome = switch (finding.outcome()) {
            case REJECT_FILE, REJECT_IMAGE, REJECT_OBJECT -> "reject";
            case REPAIR -> "repair";
            case WARN -> "warn";
        };
        Picture picture = images.get(finding.image());
        out.accept(JsonNodeFactory.instance
                .objectNode()
                .put(outcome, finding.reason().code())
                .put("source", finding.source())
                .put("image", picture == null ? finding.image() : picture.name())
                .put("object", finding.object())
                .put("detail", finding.detail()));
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
