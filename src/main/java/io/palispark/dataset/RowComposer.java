package io.palispark.dataset;

import io.palispark.annotation.AnnotationRecord.CaptionRow;
import io.palispark.annotation.AnnotationRecord.QuestionRow;
import io.palispark.annotation.AnnotationRecord.RowKind;
import io.palispark.annotation.ReasonCode;
import io.palispark.token.LabelProblem;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Makes the training rows of one picture. Every object, caption and question comes out either in a row or with the
 * reason why not; an object that one task writes and another leaves out is written, with a warning.
 */
public final class RowComposer {

    private final PromptPlan plan;
    private final ObjectRows objectRows;
    private final WordRows wordRows;
    private final TextRows textRows;

    public RowComposer(PromptPlan plan, ObjectRows objectRows, WordRows wordRows, TextRows textRows) {
        this.plan = plan;
        this.objectRows = objectRows;
        this.wordRows = wordRows;
        this.textRows = textRows;
    }

    /**
     * @param rows in the order of the plan's tasks
     * @param written records that stand in at least one row
     * @param dropped records that at least one task left out
     */
    public record Composition(List<TrainingRow> rows, Set<RecordKey> written, Map<RecordKey, ReasonCode> dropped) {}

    /** One record of the picture. */
    public record RecordKey(RowKind kind, String id) {}

    public Composition compose(ImageSample sample) {
        Draft draft = new Draft();
        for (Task task : plan.tasks()) {
            switch (task.material()) {
                case OBJECT_LIST -> composeObjects(sample, task, draft);
                case OBJECT_TEXT -> wordRows.rows(sample, task, draft);
                case CAPTIONS -> composeCaptions(sample, draft);
                case QUESTIONS -> composeQuestions(sample, task, draft);
            }
        }
        leaveOutTheRest(sample, draft);
        return draft.finish();
    }

    /** The rows of captions and questions alone, for a picture whose objects are asked about elsewhere. */
    public Composition composeTexts(ImageSample sample) {
        Draft draft = new Draft();
        for (Task task : plan.tasks()) {
            switch (task.material()) {
                case OBJECT_LIST, OBJECT_TEXT -> {}
                case CAPTIONS -> composeCaptions(sample, draft);
                case QUESTIONS -> composeQuestions(sample, task, draft);
            }
        }
        leaveOutTheRest(sample, draft);
        return draft.finish();
    }

    private void composeObjects(ImageSample sample, Task task, Draft draft) {
        List<EncodedObject> usable = new ArrayList<>();
        for (EncodedObject object : sample.objects()) {
            if (LabelProblem.of(object.label()).isPresent()) {
                draft.drop(RowKind.OBJECT, object.objectId(), ReasonCode.CATEGORY_NAME_SEPARATOR);
            } else if (task == Task.SEGMENT && !object.hasMask()) {
                draft.drop(RowKind.OBJECT, object.objectId(), ReasonCode.MASK_MISSING);
            } else {
                usable.add(object);
            }
        }
        boolean ask = !usable.isEmpty() || sample.objects().isEmpty();
        if (ask) {
            objectRows.rows(sample, task, usable, draft);
        }
    }

    private void composeCaptions(ImageSample sample, Draft draft) {
        boolean first = true;
        for (CaptionRow caption : sample.captions()) {
            if (first || plan.captions() == PromptPlan.Captions.ALL) {
                textRows.caption(sample, caption, draft);
            } else {
                draft.drop(RowKind.CAPTION, caption.captionId(), ReasonCode.RECORD_NOT_SELECTED);
            }
            first = false;
        }
    }

    private void composeQuestions(ImageSample sample, Task task, Draft draft) {
        for (QuestionRow question : sample.questions()) {
            Set<String> answers = switch (plan.answers()) {
                case CHOSEN -> Set.of(question.chosenAnswer());
                case EACH -> new LinkedHashSet<>(question.answers());
            };
            for (String answer : answers) {
                if (task == Task.VQA) {
                    textRows.answer(sample, question, answer, draft);
                } else {
                    textRows.question(sample, question, answer, draft);
                }
            }
        }
    }

    private static void leaveOutTheRest(ImageSample sample, Draft draft) {
        sample.objects().forEach(object -> draft.dropUnseen(RowKind.OBJECT, object.objectId()));
        sample.captions().forEach(caption -> draft.dropUnseen(RowKind.CAPTION, caption.captionId()));
        sample.questions().forEach(question -> draft.dropUnseen(RowKind.QUESTION, question.questionId()));
    }

    /** Rows and losses while they are collected. */
    static final class Draft {

        private final List<TrainingRow> rows = new ArrayList<>();
        private final Set<RecordKey> written = new LinkedHashSet<>();
        private final Map<RecordKey, ReasonCode> dropped = new LinkedHashMap<>();

        void add(RowKind kind, TrainingRow row) {
            rows.add(row);
            row.source().records().forEach(id -> written.add(new RecordKey(kind, id)));
        }

        void drop(RowKind kind, String id, ReasonCode reason) {
            dropped.putIfAbsent(new RecordKey(kind, id), reason);
        }

        private void dropUnseen(RowKind kind, String id) {
            if (!written.contains(new RecordKey(kind, id))) {
                drop(kind, id, ReasonCode.TASK_NOT_APPLICABLE);
            }
        }

        private Composition finish() {
            return new Composition(List.copyOf(rows), written, dropped);
        }
    }
}
