package io.palispark.job;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.palispark.annotation.AnnotationRecord.ObjectRow;
import io.palispark.annotation.AnnotationRecord.RowKind;
import io.palispark.annotation.Finding;
import io.palispark.annotation.Outcome;
import io.palispark.annotation.ReasonCode;

/** Writes down what falls with a refused picture: its own rows and every record about it. */
record PictureRejects(SourceOutput out) {

    private String source() {
        return out.annotations();
    }

    /** Other files may describe the same picture again; their rows share its fate. */
    void picture(PictureRecords records, String image, ReasonCode reason, String detail, String stage)
            throws JsonProcessingException {
        Finding finding = new Finding(source(), image, "", reason, Outcome.REJECT_IMAGE, detail);
        for (int row = 0; row < records.images().size(); row++) {
            out.finding(RowKind.IMAGE, finding, stage);
        }
    }

    /** Refuses the objects, captions and questions of a picture. */
    void recordsOf(PictureRecords records, ReasonCode reason, Outcome outcome, String detail)
            throws JsonProcessingException {
        String image = records.images().isEmpty()
                ? records.imageId()
                : records.images().get(0).fileName();
        for (ObjectRow row : records.objects()) {
            out.finding(RowKind.OBJECT, new Finding(source(), image, row.objectId(), reason, outcome, detail), "image");
        }
        textsOf(records, image, reason, outcome, detail);
    }

    /** Refuses the captions and questions of a picture. */
    void textsOf(PictureRecords records, String image, ReasonCode reason, Outcome outcome, String detail)
            throws JsonProcessingException {
        for (var caption : records.captions()) {
            out.finding(
                    RowKind.CAPTION,
                    new Finding(source(), image, caption.captionId(), reason, outcome, detail),
                    "image");
        }
        for (var question : records.questions()) {
            out.finding(
                    RowKind.QUESTION,
                    new Finding(source(), image, question.questionId(), reason, outcome, detail),
                    "image");
        }
    }
}
