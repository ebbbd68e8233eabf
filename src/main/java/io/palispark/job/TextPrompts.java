package io.palispark.job;

import io.palispark.job.EvaluationItem.Answered;
import io.palispark.job.ImageOutcome.TextOutcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Answers in words, brought together with what people wrote. A failed prediction is an empty answer. */
final class TextPrompts {

    private static final Pattern CAPTION = Pattern.compile("(?:caption|cap|describe)(?:\\s+\\S+)?\\s*");
    private static final Pattern ANSWER = Pattern.compile("(?:answer|question|vqa)\\s+\\S+\\s+(.*)", Pattern.DOTALL);

    private TextPrompts() {}

    /** @param counts gets what has no reference */
    static List<TextOutcome> outcomes(
            List<Answered> answers,
            List<EvaluationItem.Caption> captions,
            List<EvaluationItem.Question> questions,
            Map<String, Long> counts) {
        List<TextOutcome> outcomes = new ArrayList<>();
        for (Answered answer : answers) {
            Matcher asked = ANSWER.matcher(answer.prefix());
            if (CAPTION.matcher(answer.prefix()).matches()) {
                if (captions.isEmpty()) {
                    counts.merge("captions without a reference", 1L, Long::sum);
                } else {
                    outcomes.add(new ImageOutcome.Captioned(
                            answer.text(),
                            captions.stream().map(EvaluationItem.Caption::text).toList()));
                }
            } else if (asked.matches()) {
                Optional<EvaluationItem.Question> question = questions.stream()
                        .filter(known -> known.question().equals(asked.group(1).strip()))
                        .findFirst();
                if (question.isEmpty()) {
                    counts.merge("answers without a question", 1L, Long::sum);
                }
                question.ifPresent(
                        known -> outcomes.add(new ImageOutcome.AnsweredQuestion(answer.text(), known.answers())));
            }
        }
        return outcomes;
    }
}
