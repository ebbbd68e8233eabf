package io.palispark.paligemma;

import static org.assertj.core.api.Assertions.assertThat;

import io.palispark.tensor.Tensor;
import io.palispark.token.ParsedSuffix;
import io.palispark.token.PromptClasses;
import io.palispark.token.SuffixDefectCode;
import io.palispark.token.SuffixObject;
import io.palispark.token.SuffixParser;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Answers written under the grammar, read back by the tolerant parser. {@code -Dgeneration.count} raises the samples. */
class ObjectGrammarTest {

    private static final int SAMPLES = Integer.getInteger("generation.count", 120);
    private static final int BATCH = 40;
    private static final TokenChoice WILD = new TokenChoice.Sampling(1.5, 0, 1, 7);
    private static final List<String> PROMPTS = List.of(
            "detect apple ; banana ; donut ; fish ; leaf ; mug ; mushroom ; star",
            "segment apple",
            "detect all classes",
            "segment fish ; star",
            "segment all classes",
            "detect a fish with two tails ; mug");

    /** What many answers were like. */
    private record Tally(int answers, int objects, int malformed) {

        Tally and(ParsedSuffix parsed) {
            boolean bad =
                    parsed.defects().stream().anyMatch(defect -> defect.code() != SuffixDefectCode.OBJECT_REPEATED);
            return new Tally(answers + 1, objects + parsed.objects().size(), malformed + (bad ? 1 : 0));
        }
    }

    @Test
    void noSampledAnswerOfTheStandInHoldsAMalformedObject() throws IOException {
        PaliGemma model = StandInModel.MODEL;
        Tensor features = picture(model, 0);
        List<Integer> limits = List.of(64, 25, 40, 7, 3);

        Tally constrained = sample(model, features, Constraint.AUTO, limits);
        Tally free = sample(model, features, Constraint.OFF, limits);

        System.out.printf("stand-in: constrained %s, unconstrained %s%n", constrained, free);
        assertThat(constrained.malformed()).isZero();
        assertThat(constrained.objects()).isPositive();
        assertThat(free.malformed()).isPositive();
    }

    @Test
    void noSampledAnswerThatTheGraphChoseByItselfHoldsAMalformedObject() throws IOException {
        PaliGemma model = StandInModel.MODEL;
        ModelBuild build = ModelBuild.of(model.checkpoint(), Goldens.CPU, Precision.FLOAT32);
        try (LanguageModel looping = LanguageModel.open(build.withSteps(StepPlace.LOOP))) {
            Generator generator = new Generator(looping);

            Tally constrained = sample(model, generator, picture(model, 0), Constraint.AUTO, List.of(64, 25, 40, 7, 3));

            System.out.printf("stand-in, in the graph: constrained %s%n", constrained);
            assertThat(constrained.malformed()).isZero();
            assertThat(constrained.objects()).isPositive();
        }
    }

    @Test
    void noSampledAnswerOfARandomModelHoldsAMalformedObject() throws IOException {
        try (PaliGemma model = PaliGemma.open(Goldens.model("checkpoints/pg2-w8"), Goldens.CPU)) {
            Tensor features = model.features(List.of(Pictures.read(Goldens.model("images/scene-0.png"))))
                    .get(0);

            Tally constrained = sample(model, features, Constraint.AUTO, List.of(60, 25));
            Tally free = sample(model, features, Constraint.OFF, List.of(60, 25));

            System.out.printf("random: constrained %s, unconstrained %s%n", constrained, free);
            assertThat(constrained.malformed()).isZero();
            assertThat(constrained.objects()).isPositive();
            assertThat(free.malformed()).isPositive();
        }
    }

    @Test
    void answersThatWereWellFormedStayAsTheyAre() throws IOException {
        PaliGemma model = StandInModel.MODEL;
        int compared = 0;
        for (int i = 0; i < 6; i++) {
            Tensor features = picture(model, i);
            List<Generated> free = generate(model, features, Constraint.OFF, 128, new TokenChoice.Greedy(), 0, 2);
            List<Generated> constrained =
                    generate(model, features, Constraint.AUTO, 128, new TokenChoice.Greedy(), 0, 2);
            for (int row = 0; row < free.size(); row++) {
                String text = model.tokenizer().text(free.get(row).textIds());
                PromptClasses asked =
                        PromptClasses.parse(PROMPTS.get(row % PROMPTS.size())).orElseThrow();
                if (SuffixParser.parse(text, asked).defects().isEmpty()) {
                    assertThat(constrained.get(row).ids())
                            .isEqualTo(free.get(row).ids());
                    assertThat(constrained.get(row).logProbabilities())
                            .isEqualTo(free.get(row).logProbabilities());
                    compared++;
                }
            }
        }
        assertThat(compared).isGreaterThanOrEqualTo(6);
    }

    @Test
    void probabilitiesAreThoseOfTheModelAndNotOfTheGrammar() throws IOException {
        PaliGemma model = StandInModel.MODEL;
        PromptRow prompt = model.prompt("caption en", picture(model, 0));
        GenerationLimits limits = model.limits(20);
        TokenGrammar boxes = Constraint.DETECT.grammar("caption en", model.tokenizer(), limits);
        float[] raw = model.language().prefill(List.of(prompt)).logits().floats();

        Generated forced = model.generate(
                        List.of(new Generator.Request(prompt, 0, boxes)), new TokenChoice.Greedy(), limits)
                .get(0);

        assertThat(forced.logProbabilities()[0]).isEqualTo(LogProbabilities.of(raw, forced.ids()[0]));
    }

    @Test
    void anAnswerThatWantedMoreThanItHadRoomForSaysSo() throws IOException {
        PaliGemma model = StandInModel.MODEL;
        Tensor features = picture(model, 0);

        Generated cut = generate(model, features, Constraint.AUTO, 12, new TokenChoice.Greedy(), 0, 1)
                .get(0);
        Generated whole = generate(model, features, Constraint.AUTO, 64, new TokenChoice.Greedy(), 0, 1)
                .get(0);

        assertThat(cut.end()).isEqualTo(EndReason.FULL);
        assertThat(cut.ids()).hasSizeLessThanOrEqualTo(12);
        assertThat(objects(model, cut)).hasSize(1);
        assertThat(whole.end()).isEqualTo(EndReason.END_TOKEN);
        assertThat(objects(model, whole)).hasSize(4);
    }

    private static List<SuffixObject> objects(PaliGemma model, Generated answer) {
        return SuffixParser.parse(model.tokenizer().text(answer.textIds())).objects();
    }

    private static Tally sample(PaliGemma model, Tensor features, Constraint constraint, List<Integer> limits) {
        return sample(model, new Generator(model.language()), features, constraint, limits);
    }

    private static Tally sample(
            PaliGemma model, Generator generator, Tensor features, Constraint constraint, List<Integer> limits) {
        Tally tally = new Tally(0, 0, 0);
        for (int from = 0; from < SAMPLES; from += BATCH) {
            int newTokens = limits.get(from / BATCH % limits.size());
            List<Generated> answers = generate(model, generator, features, constraint, newTokens, WILD, from, BATCH);
            for (int row = 0; row < answers.size(); row++) {
                String prompt = PROMPTS.get((from + row) % PROMPTS.size());
                String text = model.tokenizer().text(answers.get(row).textIds());
                tally = tally.and(
                        SuffixParser.parse(text, PromptClasses.parse(prompt).orElseThrow()));
            }
        }
        return tally;
    }

    private static List<Generated> generate(
            PaliGemma model,
            Tensor features,
            Constraint constraint,
            int newTokens,
            TokenChoice choice,
            int from,
            int count) {
        Generator generator = new Generator(model.language());
        return generate(model, generator, features, constraint, newTokens, choice, from, count);
    }

    private static List<Generated> generate(
            PaliGemma model,
            Generator generator,
            Tensor features,
            Constraint constraint,
            int newTokens,
            TokenChoice choice,
            int from,
            int count) {
        GenerationLimits limits = model.limits(newTokens);
        List<Generator.Request> requests = new ArrayList<>();
        for (int number = from; number < from + count; number++) {
            String prompt = PROMPTS.get(number % PROMPTS.size());
            requests.add(new Generator.Request(
                    model.prompt(prompt, features), number, constraint.grammar(prompt, model.tokenizer(), limits)));
        }
        return generator.generate(requests, choice, limits);
    }

    private static Tensor picture(PaliGemma model, int index) throws IOException {
        return model.features(
                        List.of(DemoExpectation.read().pictures().get(index).read()))
                .get(0);
    }
}
