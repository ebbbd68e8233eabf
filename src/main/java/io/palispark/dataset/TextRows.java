package io.palispark.dataset;

import io.palispark.annotation.AnnotationRecord.CaptionRow;
import io.palispark.annotation.AnnotationRecord.QuestionRow;
import io.palispark.annotation.AnnotationRecord.RowKind;
import io.palispark.annotation.ReasonCode;
import io.palispark.dataset.RowComposer.Draft;
import java.util.List;
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
        String prefix = plan.templates().captionPrompt();
        add(
                sample,
                Task.CAPTION,
                new RowComposer.RecordKey(RowKind.CAPTION, caption.captionId()),
                prefix,
                caption.text(),
                draft);
    }

    void answer(ImageSample sample, QuestionRow question, String answer, Draft draft) {
        String prefix = plan.templates().question(question.question());
        add(
                sample,
                Task.VQA,
                new RowComposer.RecordKey(RowKind.QUESTION, question.questionId()),
                prefix,
                answer,
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
                sample.imageId(), task, List.of(), List.of(record.id()), List.of(), Set.of(), List.of());
        draft.add(
                record.kind(),
                new TrainingRow(
                        sample.image(), prefix, suffix, source, new TrainingRow.Tokens(counter.count(prefix), tokens)));
    }
}
