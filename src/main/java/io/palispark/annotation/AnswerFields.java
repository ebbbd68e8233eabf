package io.palispark.annotation;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What one VQA annotation states: the answers to one question. */
final class AnswerFields {

    private static final int USUAL_ANSWERS = 10;
    private static final int MOST_ANSWERS = 1000;
    private static final Set<String> ANSWER_TYPES = Set.of("yes/no", "number", "other");

    private final ReadLimits limits;
    private final List<Defect> defects = new ArrayList<>();
    private final Set<String> answerIds = new HashSet<>();
    private List<String> answers = new ArrayList<>();
    private int stated;
    private StatedText chosen = StatedText.ABSENT;
    private RowId question = RowId.NONE;
    private RowId image = RowId.NONE;

    private AnswerFields(ReadLimits limits) {
        this.limits = limits;
    }

    /** Reads the object at the parser's token and leaves the parser at its end. */
    static AnswerFields read(JsonParser parser, ReadLimits limits) throws IOException {
        AnswerFields row = new AnswerFields(limits);
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String field = parser.currentName();
            JsonToken value = parser.nextToken();
            switch (field) {
                case "question_id" -> row.question = RowId.read(parser);
                case "image_id" -> row.image = RowId.read(parser);
                case "multiple_choice_answer" -> row.chosen = StatedText.read(parser);
                case "answer_type" -> row.readType(StatedText.read(parser));
                case "answers" -> row.readAnswers(parser, value);
                default -> parser.skipChildren();
            }
        }
        if (row.stated > 0 && row.stated != USUAL_ANSWERS) {
            row.defects.add(Defect.warn(ReasonCode.ANSWER_COUNT_UNUSUAL, row.stated + " answers"));
        }
        return row;
    }

    RowId question() {
        return question;
    }

    RowId image() {
        return image;
    }

    /** The answers as one line each; a blank or unusable one is empty and keeps its place. */
    List<String> answers() {
        return answers;
    }

    /** Warnings and repairs. */
    List<Defect> defects() {
        return defects;
    }

    /** The stated choice, else the most frequent answer, the first on ties; empty when all are blank. */
    String chosenAnswer() {
        TextLine line = chosen.line("multiple_choice_answer", limits);
        if (!line.isRejected()) {
            return line.text();
        }
        Map<String, Integer> counts = new LinkedHashMap<>();
        answers.stream().filter(answer -> !answer.isEmpty()).forEach(answer -> counts.merge(answer, 1, Integer::sum));
        return counts.entrySet().stream()
                .reduce((best, next) -> next.getValue() > best.getValue() ? next : best)
                .map(Map.Entry::getKey)
                .orElse("");
    }

    private void readType(StatedText type) {
        if (type.kind() != StatedText.Kind.ABSENT && !ANSWER_TYPES.contains(type.value())) {
            defects.add(Defect.warn(ReasonCode.VALUE_UNKNOWN, "answer_type is " + Defect.quote(type.value())));
        }
    }

    private void readAnswers(JsonParser parser, JsonToken value) throws IOException {
        if (value != JsonToken.START_ARRAY) {
            parser.skipChildren();
            return;
        }
        answers = new ArrayList<>();
        stated = 0;
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            StatedText answer = readAnswer(parser);
            if (stated++ < MOST_ANSWERS) {
                add(answer);
            }
        }
    }

    private StatedText readAnswer(JsonParser parser) throws IOException {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            return StatedText.read(parser);
        }
        StatedText answer = StatedText.ABSENT;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String field = parser.currentName();
            parser.nextToken();
            switch (field) {
                case "answer" -> answer = StatedText.read(parser);
                case "answer_id" -> noteAnswerId(RowId.read(parser));
                default -> parser.skipChildren();
            }
        }
        return answer;
    }

    private void noteAnswerId(RowId id) {
        if (!id.isMissing() && answerIds.size() < MOST_ANSWERS && !answerIds.add(id.text())) {
            warnOnce(Defect.warn(ReasonCode.ID_DUPLICATE, "answer_id " + id.text() + " occurs twice"));
        }
    }

    private void add(StatedText answer) {
        TextLine line = answer.line("answer", limits);
        answers.add(line.text());
        for (Defect defect : line.defects()) {
            boolean reject = defect.outcome().isReject();
            warnOnce(reject ? Defect.warn(defect.reason(), "answers: " + defect.detail()) : defect);
        }
    }

    /** Ten answers with one fault are one finding. */
    private void warnOnce(Defect defect) {
        if (defects.stream().noneMatch(earlier -> earlier.reason() == defect.reason())) {
            defects.add(defect);
        }
    }
}
