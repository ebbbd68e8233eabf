package io.palispark.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.DoubleSummaryStatistics;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class VqaGoldenTest {

    private final VqaAccuracy official = new VqaAccuracy(VqaRules.OFFICIAL);
    private final VqaAccuracy bigVision = new VqaAccuracy(VqaRules.BIG_VISION);

    @Test
    void answersNormaliseAsBothReferencesDo() {
        VqaNormalizer byOfficial = new VqaNormalizer(VqaRules.OFFICIAL);
        VqaNormalizer byBigVision = new VqaNormalizer(VqaRules.BIG_VISION);
        for (JsonNode row : Goldens.lines("vqa/normalise.jsonl.gz")) {
            String text = row.get("text").asText();
            assertThat(byOfficial.normalized(text))
                    .as(text)
                    .isEqualTo(row.get("official").asText());
            assertThat(byBigVision.normalized(text))
                    .as(text)
                    .isEqualTo(row.get("big_vision").asText());
        }
    }

    @Test
    void questionsAndTheirTypesScoreAsBothReferencesDo() {
        Map<String, DoubleSummaryStatistics> byType = new HashMap<>();
        for (JsonNode row : Goldens.lines("vqa/cases.jsonl.gz")) {
            String prediction = row.get("prediction").asText();
            List<String> humans = CocoCase.list(row.get("answers")).stream()
                    .map(answer -> answer.get("answer").asText())
                    .toList();
            double accuracy = official.of(prediction, humans);
            assertThat(accuracy).isCloseTo(row.get("accuracy").asDouble(), within(1e-12));
            assertThat(bigVision.of(prediction, humans))
                    .isCloseTo(row.get("accuracy_big_vision").asDouble(), within(1e-12));
            byType.computeIfAbsent("overall", type -> new DoubleSummaryStatistics())
                    .accept(accuracy);
            byType.computeIfAbsent(row.get("answer_type").asText(), type -> new DoubleSummaryStatistics())
                    .accept(accuracy);
        }
        JsonNode expected = Goldens.json("vqa/expected.json");
        assertThat(byType.get("overall").getAverage())
                .isCloseTo(expected.get("overall").asDouble(), within(1e-12));
        expected.get("by_answer_type")
                .fields()
                .forEachRemaining(type -> assertThat(byType.get(type.getKey()).getAverage())
                        .isCloseTo(type.getValue().asDouble(), within(1e-12)));
    }

    @Test
    void similaritiesOfTextsAreBigVisions() {
        for (JsonNode row : Goldens.lines("vqa/anls.jsonl.gz")) {
            assertThat(Anls.of(row.get("prediction").asText(), row.get("target").asText()))
                    .as(row.toString())
                    .isCloseTo(row.get("anls").asDouble(), within(1e-12));
        }
        assertThat(Anls.of("ab", List.of("x", "ab"))).isEqualTo(1);
    }

    @Test
    void aQuestionNobodyAnsweredCannotBeScored() {
        assertThatThrownBy(() -> official.of("yes", List.of())).hasMessageContaining("no human answer");
    }

    @Test
    void countsAreHeldAgainstCounts() {
        CountingError error =
                CountingError.of(3, 3).plus(CountingError.of(2, 3)).plus(CountingError.of(0, 4));
        assertThat(error).isEqualTo(new CountingError(3, 1, 2, 5, 17));
        assertThat(error.metrics()).extracting(Metric::name).containsExactly("accuracy", "within-one", "mae", "rmse");
        assertThat(error.metrics().get(3).value()).hasValue(Math.sqrt(17 / 3.0));
        assertThat(CountingError.NONE.metrics())
                .allMatch(metric -> metric.value().isEmpty());
    }
}
