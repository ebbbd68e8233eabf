package io.palispark.paligemma;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.palispark.tensor.Tensor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers of a model that goes on by itself, beside those that are chosen token by token outside of the graph. */
class DecodingLoopTest {

    private static final List<String> PROMPTS = List.of(
            "detect apple ; banana ; donut ; fish ; leaf ; mug ; mushroom ; star",
            "segment apple",
            "caption en",
            "detect all classes",
            "segment fish ; star",
            "segment all classes",
            "detect a fish with two tails ; mug");

    private static LanguageModel looping;

    @BeforeAll
    static void open() throws IOException {
        ModelBuild build = ModelBuild.of(StandInModel.MODEL.checkpoint(), Goldens.CPU, Precision.FLOAT32);
        looping = LanguageModel.open(build.withSteps(StepPlace.LOOP));
    }

    @AfterAll
    static void close() {
        looping.close();
    }

    static List<TokenChoice> choices() {
        return List.of(
                new TokenChoice.Greedy(),
                new TokenChoice.Sampling(1.5, 0, 1, 7),
                new TokenChoice.Sampling(1, 40, 1, 8),
                new TokenChoice.Sampling(2, 0, 0.9, 9),
                new TokenChoice.Sampling(0.7, 20, 0.8, 10));
    }

    @ParameterizedTest
    @MethodSource("choices")
    void constrainedAnswersAreThoseOfTheGrammar(TokenChoice choice) throws IOException {
        for (int limit : new int[] {64, 25, 12, 7, 3, 1}) {
            assertSame(Constraint.AUTO, choice, limit, 14, 14);
        }
    }

    @ParameterizedTest
    @MethodSource("choices")
    void freeAnswersAreTheSame(TokenChoice choice) throws IOException {
        assertSame(Constraint.OFF, choice, 20, 14, 14);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4})
    void rowsThatTakeThePlaceOfOthersAreTheSame(int places) throws IOException {
        assertSame(Constraint.AUTO, new TokenChoice.Sampling(1.5, 0, 1, 7), 40, 20, places);
    }

    @Test
    void aGrammarThatNoTableHasIsAskedTokenByToken() throws IOException {
        GenerationLimits limits = StandInModel.MODEL.limits(12);
        PromptRow prompt = StandInModel.MODEL.prompt("caption en", features(0));
        TokenGrammar grammar = new OnlyOnce(StandInModel.MODEL.tokenizer().locationId(5));

        Generated answer = new Generator(looping)
                .generate(List.of(new Generator.Request(prompt, 0, grammar)), new TokenChoice.Greedy(), limits)
                .get(0);

        assertThat(answer.ids()[0]).isEqualTo(StandInModel.MODEL.tokenizer().locationId(5));
        assertThat(answer.ids()).hasSizeGreaterThan(1);
    }

    /** Asks for one token first. */
    private record OnlyOnce(int id) implements TokenGrammar {
        @Override
        public void mask(float[] logits) {
            float kept = logits[id];
            java.util.Arrays.fill(logits, Float.NEGATIVE_INFINITY);
            logits[id] = kept;
        }

        @Override
        public TokenGrammar after(int token) {
            return TokenGrammar.FREE;
        }

        @Override
        public boolean isFull(float[] logits) {
            return false;
        }
    }

    private static void assertSame(Constraint constraint, TokenChoice choice, int newTokens, int count, int places)
            throws IOException {
        GenerationLimits limits = StandInModel.MODEL.limits(newTokens);
        List<Generator.Request> requests = new ArrayList<>();
        for (int number = 0; number < count; number++) {
            String prompt = PROMPTS.get(number % PROMPTS.size());
            TokenGrammar grammar = constraint.grammar(prompt, StandInModel.MODEL.tokenizer(), limits);
            PromptRow row = StandInModel.MODEL.prompt(prompt, features(number % 3));
            requests.add(new Generator.Request(row, number, grammar));
        }
        List<Generated> outside = StandInModel.MODEL.generate(requests, places, choice, limits);
        List<Generated> inside = new Generator(looping).generate(requests, places, choice, limits);
        for (int i = 0; i < count; i++) {
            Generated expected = outside.get(i);
            assertThat(inside.get(i).ids()).as(choice + " row " + i).isEqualTo(expected.ids());
            assertThat(inside.get(i).end()).as(choice + " row " + i).isEqualTo(expected.end());
            assertThat(inside.get(i).logProbabilities()).containsExactly(expected.logProbabilities(), within(1e-4));
        }
    }

    private static Tensor features(int picture) throws IOException {
        return StandInModel.MODEL
                .features(List.of(DemoExpectation.read().pictures().get(picture).read()))
                .get(0);
    }
}
