package io.palispark.annotation;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.palispark.annotation.AnnotationRecord.QuestionRow;
import io.palispark.annotation.AnnotationRecord.RowKind;
import io.palispark.annotation.AnnotationRecord.Totals;
import io.palispark.annotation.QuestionStore.State;
import io.palispark.annotation.TwoPassReader.Stage;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * VQAv2: a file of questions and a file of answers, joined on {@code question_id}. Emits no image rows, as the files have
 * none; image ids are those of the COCO images. Question rows come in the order of the answer file and carry the
 * sequence of the question file. The questions are held in memory, the answers never. Findings name the question file.
 */
public final class VqaReader {

    private final ReadLimits limits;
    private final TwoPassReader rows;
    private final QuestionStore questions = new QuestionStore();
    private long counted;
    private int nextUnanswered;

    private VqaReader(String name, ReadLimits limits) {
        this.limits = limits;
        this.rows = new TwoPassReader(AnnotationFormat.VQAV2, name, limits);
    }

    /**
     * Walks both files once.
     *
     * @throws IOException when the bytes cannot be had; bad content is a record
     */
    public static AnnotationReader open(AnnotationSource questions, AnnotationSource answers, ReadLimits limits)
            throws IOException {
        VqaReader reader = new VqaReader(questions.name(), limits);
        Stage first = new Stage(
                questions,
                Map.of("questions", reader::walk),
                present -> TwoPassReader.requireSections(present, List.of("questions")),
                Map.of("questions", reader::readQuestion));
        Stage second = new Stage(
                answers,
                Map.of("annotations", reader::walk),
                present -> TwoPassReader.requireSections(present, List.of("annotations")),
                Map.of("annotations", reader::readAnswers));
        return reader.rows.open(
                List.of(first, second),
                reader::rejectUnanswered,
                () -> new Totals(questions.name(), 0, 0, 0, reader.counted));
    }

    /** The reader of a file without its counterpart: one reject. */
    static AnnotationReader unpaired(AnnotationSource file, String why) {
        return AnnotationRows.rejected(
                AnnotationFormat.VQAV2,
                file.name(),
                new DocumentException(ReasonCode.KEY_MISSING, "questions and answers go in pairs: " + why));
    }

    private void walk(JsonParser parser, long sequence) throws IOException, DocumentException {
        if (sequence >= limits.rows()) {
            throw new DocumentException(
                    ReasonCode.ROW_COUNT_EXCEEDED, "more than " + limits.rows() + " rows in one list");
        }
        JsonDocument.walk(parser);
    }

    private void readQuestion(JsonParser parser, long sequence) throws IOException {
        counted++;
        String place = "questions[" + sequence + "]";
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            reject("", "", ReasonCode.VALUE_UNKNOWN, place + " is " + JsonNumber.describe(parser));
            return;
        }
        RowId id = RowId.NONE;
        RowId image = RowId.NONE;
        StatedText question = StatedText.ABSENT;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String field = parser.currentName();
            parser.nextToken();
            switch (field) {
                case "question_id" -> id = RowId.read(parser);
                case "image_id" -> image = RowId.read(parser);
                case "question" -> question = StatedText.read(parser);
                default -> parser.skipChildren();
            }
        }
        store(id, image, question, (int) sequence, place);
    }

    private void store(RowId id, RowId image, StatedText stated, int sequence, String place) {
        if (id.isMissing()) {
            reject(image.text(), "", ReasonCode.ID_MISSING, place + " has no question_id");
            return;
        }
        TextLine line = stated.line("question", limits);
        boolean usable = !line.isRejected() && !image.isMissing();
        if (!questions.add(id, image, line.text(), sequence, usable ? State.OPEN : State.REJECTED)) {
            String detail = place + ": question_id " + id.text() + " occurs before";
            reject(image.text(), id.text(), ReasonCode.ID_DUPLICATE, detail);
        } else if (image.isMissing()) {
            reject("", id.text(), ReasonCode.ANNOTATION_ORPHAN, place + " has no image_id");
        } else if (line.isRejected()) {
            Defect defect = line.defects().get(0);
            reject(image.text(), id.text(), defect.reason(), place + ": " + defect.detail());
        } else {
            line.defects().forEach(defect -> note(image.text(), id.text(), place, defect));
        }
    }

    private void readAnswers(JsonParser parser, long sequence) throws IOException {
        String place = "annotations[" + sequence + "]";
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            counted++;
            reject("", "", ReasonCode.VALUE_UNKNOWN, place + " is " + JsonNumber.describe(parser));
            return;
        }
        AnswerFields row = AnswerFields.read(parser, limits);
        String id = row.question().text();
        int number = row.question().isMissing() ? -1 : questions.find(id);
        if (number < 0) {
            counted++;
            ReasonCode reason = id.isEmpty() ? ReasonCode.ID_MISSING : ReasonCode.ANNOTATION_ORPHAN;
            reject(row.image().text(), id, reason, place + ": answers without a question");
            return;
        }
        switch (questions.state(number)) {
            case OPEN -> join(row, number, place);
            case REJECTED -> {
                // the question's own reject stands for both
            }
            case ANSWERED -> {
                counted++;
                reject(row.image().text(), id, ReasonCode.ID_DUPLICATE, place + ": the question is answered before");
            }
        }
    }

    private void join(AnswerFields row, int number, String place) {
        questions.answered(number);
        String id = questions.id(number);
        String image = questions.image(number);
        String chosen = row.chosenAnswer();
        if (!row.image().isMissing() && !row.image().text().equals(image)) {
            String detail = place + ": answered on image " + row.image().text() + ", asked on " + image;
            reject(image, id, ReasonCode.RECORD_CONTRADICTION, detail);
        } else if (row.answers().isEmpty()) {
            reject(image, id, ReasonCode.TEXT_MISSING, place + ": no answers");
        } else if (chosen.isEmpty()) {
            reject(image, id, ReasonCode.TEXT_EMPTY, place + ": every answer is blank");
        } else {
            String question = questions.question(number);
            rows.queue()
                    .add(new QuestionRow(
                            image, questions.sequence(number), id, question, List.copyOf(row.answers()), chosen));
            row.defects().forEach(defect -> note(image, id, place, defect));
            if (row.question().quoted() != questions.isQuoted(number)) {
                String detail = "question_id is a number in one file and a text in the other";
                note(image, id, place, Defect.repair(ReasonCode.ID_TYPE_MIXED, detail));
            }
        }
    }

    private boolean rejectUnanswered() {
        while (nextUnanswered < questions.size()) {
            int number = nextUnanswered++;
            if (questions.state(number) == State.OPEN) {
                String detail = "questions[" + questions.sequence(number) + "]: no answers";
                reject(questions.image(number), questions.id(number), ReasonCode.TEXT_MISSING, detail);
                return true;
            }
        }
        return false;
    }

    private void reject(String image, String question, ReasonCode reason, String detail) {
        rows.queue().reject(image, RowKind.QUESTION, question, reason, detail);
    }

    private void note(String image, String question, String place, Defect defect) {
        Defect placed = new Defect(defect.reason(), defect.outcome(), place + ": " + defect.detail());
        rows.queue().finding(image, RowKind.QUESTION, question, placed);
    }
}
