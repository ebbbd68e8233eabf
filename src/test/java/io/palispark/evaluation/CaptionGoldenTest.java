package io.palispark.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.palispark.evaluation.Cider.DocumentFrequencies;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CaptionGoldenTest {

    @ParameterizedTest
    @ValueSource(strings = {"small", "single-image", "karpathy-like", "punctuation", "repeats", "uneven"})
    void setsScoreAsPycocoevalcapWithAndWithoutTheTokenizer(String name) {
        JsonNode set = Goldens.json("captions/" + name + ".json");
        Function<String, List<String>> plain = text -> PythonText.words(text.toLowerCase(Locale.ROOT));
        assertScores(set, set.get("references"), set.get("hypotheses"), plain, "plain");
        assertScores(set, set.get("ptb_references"), set.get("ptb_hypotheses"), plain, "ptb");
        assertScores(set, set.get("references"), set.get("hypotheses"), CaptionTokenizer::tokens, "ptb");
    }

    @Test
    void captionsBreakIntoTheReferencesTokens() {
        SoftAssertions softly = new SoftAssertions();
        for (JsonNode row : Goldens.lines("captions/ptb-tokens.jsonl.gz")) {
            softly.assertThat(String.join(
                            " ", CaptionTokenizer.tokens(row.get("text").asText())))
                    .as(row.get("text").asText())
                    .isEqualTo(row.get("tokens").asText());
        }
        softly.assertAll();
    }

    @Test
    void lineBreaksOfAnyKindDoNotEndACaption() {
        assertThat(CaptionTokenizer.tokens("a dog\r\non\u2028grass\n")).containsExactly("a", "dog", "on", "grass");
        assertThat(CaptionTokenizer.tokens(" \t")).isEmpty();
    }

    @Test
    void bleuAddsUpFromPartsToTheSameCounts() {
        List<String> caption = List.of("two", "dogs", "play");
        List<List<String>> references = List.of(List.of("two", "dogs", "run"), List.of("dogs", "play"));
        Bleu one = Bleu.of(caption, references);
        assertThat(Bleu.NONE.plus(one)).isEqualTo(one);
        assertThat(one.referenceLength()).isEqualTo(3);
        assertThat(one.correct()).containsExactly(3L, 2L, 0L, 0L);
    }

    private static void assertScores(
            JsonNode set,
            JsonNode references,
            JsonNode hypotheses,
            Function<String, List<String>> tokenizer,
            String expected) {
        Map<String, List<List<String>>> tokenized = new LinkedHashMap<>();
        references.fields().forEachRemaining(image -> {
            List<List<String>> captions = new ArrayList<>();
            image.getValue().forEach(caption -> captions.add(tokenizer.apply(caption.asText())));
            tokenized.put(image.getKey(), captions);
        });
        Cider cider = new Cider(DocumentFrequencies.of(tokenized.values()));
        JsonNode scores = set.get(expected);
        Bleu corpus = Bleu.NONE;
        double ciders = 0;
        double rouges = 0;
        for (Map.Entry<String, List<List<String>>> image : tokenized.entrySet()) {
            List<String> caption =
                    tokenizer.apply(hypotheses.get(image.getKey()).asText());
            JsonNode row = scores.get("per_image").get(image.getKey());
            Bleu bleu = Bleu.of(caption, image.getValue());
            double ciderScore = cider.score(caption, image.getValue());
            double rouge = RougeL.of(caption, image.getValue());
            assertThat(ciderScore).isCloseTo(row.get("CIDEr").asDouble(), within(1e-9));
            assertThat(rouge).isCloseTo(row.get("ROUGE-L").asDouble(), within(1e-9));
            assertBleu(bleu.scores(), CocoCase.list(row.get("BLEU")));
            corpus = corpus.plus(bleu);
            ciders += ciderScore;
            rouges += rouge;
        }
        assertThat(ciders / tokenized.size()).isCloseTo(scores.get("CIDEr").asDouble(), within(1e-9));
        assertThat(rouges / tokenized.size()).isCloseTo(scores.get("ROUGE-L").asDouble(), within(1e-9));
        assertBleu(
                corpus.scores(),
                Stream.of("BLEU-1", "BLEU-2", "BLEU-3", "BLEU-4")
                        .map(scores::get)
                        .toList());
    }

    private static void assertBleu(List<Double> scores, List<JsonNode> expected) {
        for (int index = 0; index < scores.size(); index++) {
            assertThat(scores.get(index)).isCloseTo(expected.get(index).asDouble(), within(1e-9));
        }
    }
}
