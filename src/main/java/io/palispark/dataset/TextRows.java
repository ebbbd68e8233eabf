package io.palispark.dataset;

import io.palispark.annotation.AnnotationRecord.CaptionRow;
import io.palispark.annotation.AnnotationRecord.QuestionRow;
import io.palispark.annotation.AnnotationRecord.RowKind;
import io.palispark.annotation.ReasonCode;
import io.palispark.dataset.RowComposer.Draft;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The {@code caption} and {@code answer} rows of a picture. A text that exceeds the budget is left out, never cut. */
public final class TextRows {

    private final PromptPlan plan;
    private final TokenBudget budget;
    private final TokenCounter counter;

    public TextRows(PromptPlan plan, TokenBudget budget, TokenCounter counter) {
        this.plan = plan;
        this.budget = budget;
        this.counter = counter;
    }

    void caption(ImageSample sample, CaptionRow caption, Draft draft) {
        String prefix = plan.templates().prompt(Task.CAPTION, Map.of());
        add(
                sample,
                Task.CAPTION,
                new RowComposer.RecordKey(RowKind.CAPTION, caption.captionId()),
                prefix,
                caption.text(),
                draft);
    }

    /** The answer as the suffix; with a place for choices only where there is more than one to choose from. */
    void answer(ImageSample sample, QuestionRow question, String answer, Draft draft) {
        List<String> choices = question.answers().stream()
                .distinct()
                .sorted(Comparator.comparingLong((String choice) ->
                                StableHash.of("choice", Long.toString(plan.seed()), question.questionId(), choice))
                        .thenComparing(Comparator.naturalOrder()))
                .toList();
        if (choices.size() < 2 && plan.templates().texts().get(Task.VQA).has("choices")) {
            draft.drop(RowKind.QUESTION, question.questionId(), ReasonCode.TASK_NOT_APPLICABLE);
            return;
        }
        String prefix = plan.templates()
                .prompt(Task.VQA, Map.of("question", question.question(), "choices", String.join(" \t ", choices)));
        add(
                sample,
                Task.VQA,
                new RowComposer.RecordKey(RowKind.QUESTION, question.questionId()),
                prefix,
                answer,
                draft);
    }

    /** The question as the suffix. */
    void question(ImageSample sample, QuestionRow question, String answer, Draft draft) {
        String prefix = plan.templates().prompt(Task.QUESTION, Map.of("answer", answer));
        add(
                sample,
                Task.QUESTION,
                new RowComposer.RecordKey(RowKind.QUESTION, question.questionId()),
                prefix,
                question.question(),
                draft);
    }

    private void add(
            ImageSample sample, Task task, RowComposer.RecordKey record, String prefix, String suffix, Draft draft) {
        int tokens = counter.count(suffix) + 1;
        if (tokens > budget.tokens()) {
            draft.drop(record.kind(), record.id(), ReasonCode.BUDGET_EXCEEDED);
            return;
        }
        TrainingRow.Source source = new TrainingRow.Source(
                sample.imageId(), task, List.of(), List.of(record.id()), List.of(), 0, Set.of(), List.of());
        draft.add(
                record.kind(),
                new TrainingRow(
                        sample.image(), prefix, suffix, source, new TrainingRow.Tokens(counter.count(prefix), tokens)));
    }
}
