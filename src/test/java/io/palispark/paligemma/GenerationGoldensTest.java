package io.palispark.paligemma;

import static io.palispark.paligemma.Goldens.TOLERANCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.palispark.tensor.Tensor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class GenerationGoldensTest {

    private static final TokenChoice GREEDY = new TokenChoice.Greedy();

    static Stream<Arguments> modelsAndPlaces() {
        return Stream.of("pg1", "pg1-k2", "pg1-defaults", "pg2-w8", "pg2-w4096")
                .flatMap(name -> Stream.of(StepPlace.GRAPH, StepPlace.STREAMED, StepPlace.LOOP)
                        .map(place -> Arguments.of(name, place)));
    }

    @ParameterizedTest
    @MethodSource("modelsAndPlaces")
    void stepsAreComputedWhereTheyAreAskedFor(String name, StepPlace place) throws IOException {
        try (TinyModel tiny = TinyModel.of(Goldens.of(name), place)) {
            assertThat(tiny.model().stepEngine()).startsWith(place == StepPlace.STREAMED ? "the JVM" : "ONNX Runtime");
        }
    }

    @ParameterizedTest
    @MethodSource("modelsAndPlaces")
    void greedyTextEqualsTheReferenceAloneAndInABatch(String name, StepPlace place) throws IOException {
        Goldens goldens = Goldens.of(name);
        try (TinyModel tiny = TinyModel.of(goldens, place)) {
            List<Generator.Request> all = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                PromptRow prompt = tiny.prompt(goldens.single(i), i);
                all.add(new Generator.Request(prompt, i));
                assertSame(tiny.generate(prompt, 12), goldens.single(i));
            }
            List<Generated> batch = tiny.generator().generate(all, GREEDY, tiny.limits(12));
            JsonNode expected = goldens.json().path("batch");
            for (int i = 0; i < 3; i++) {
                int length = expected.path("length_with_eos").path(i).intValue();
                assertThat(batch.get(i).ids())
                        .startsWith(java.util.Arrays.copyOf(
                                Goldens.ids(expected.path("generated").path(i)), Math.min(length, 6)));
                assertThat(batch.get(i).ids())
                        .isEqualTo(Goldens.ids(goldens.single(i).path("generated")));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("modelsAndPlaces")
    void matricesThatStayInTheirFilesGiveTheSameText(String name, StepPlace place) throws IOException {
        Goldens goldens = Goldens.of(name);
        ModelBuild build = ModelBuild.of(goldens.checkpoint(), Goldens.CPU, Precision.FLOAT32)
                .withSteps(place)
                .withWeights(WeightPlace.MAPPED);
        try (TinyModel tiny = TinyModel.of(goldens, build)) {
            assertThat(tiny.model().stepEngine()).endsWith("matrices in their files");
            for (int i = 0; i < 3; i++) {
                assertSame(tiny.generate(tiny.prompt(goldens.single(i), i), 12), goldens.single(i));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("modelsAndPlaces")
    void aRowThatTakesThePlaceOfAnotherEqualsTheReference(String name, StepPlace place) throws IOException {
        Goldens goldens = Goldens.of(name);
        try (TinyModel tiny = TinyModel.of(goldens, place)) {
            List<Generator.Request> queue = new ArrayList<>();
            for (int i = 0; i < 9; i++) {
                queue.add(new Generator.Request(tiny.prompt(goldens.single(i * 2 % 3), i * 2 % 3), i));
            }
            for (int places : List.of(1, 2, 4)) {
                List<Generated> answers = tiny.generator().generate(queue, places, GREEDY, tiny.limits(12));
                for (int i = 0; i < 9; i++) {
                    assertSame(answers.get(i), goldens.single(i * 2 % 3));
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("modelsAndPlaces")
    void everyStepsLogitsEqualTheReference(String name, StepPlace place) throws IOException {
        Goldens goldens = Goldens.of(name);
        try (TinyModel tiny = TinyModel.of(goldens, place)) {
            assertSteps(
                    tiny.model(),
                    List.of(tiny.prompt(goldens.single(0), 0)),
                    new int[][] {Goldens.ids(goldens.single(0).path("generated"))},
                    goldens.tensors().tensor("single.0.decode.logits"));
            assertSteps(
                    tiny.model(),
                    IntStream.range(0, 3)
                            .mapToObj(i -> tiny.prompt(goldens.single(i), i))
                            .toList(),
                    IntStream.range(0, 3)
                            .mapToObj(i -> Goldens.ids(goldens.json()
                                    .path("batch")
                                    .path("generated")
                                    .path(i)))
                            .toArray(int[][]::new),
                    goldens.tensors().tensor("batch.decode.logits"));
        }
    }

    @ParameterizedTest
    @MethodSource("modelsAndPlaces")
    void limitsStopsAndPicturesEqualTheReference(String name, StepPlace place) throws IOException {
        Goldens goldens = Goldens.of(name);
        try (TinyModel tiny = TinyModel.of(goldens, place)) {
            PromptRow prompt = tiny.prompt(goldens.single(0), 0);
            assertThat(tiny.generate(prompt, 5).ids())
                    .isEqualTo(Goldens.ids(goldens.json().path("max_new_tokens_5")));
            if (goldens.json().has("without_eos")) {
                List<Generated> full = tiny.generator()
                        .generate(
                                List.of(new Generator.Request(prompt, 0)), GREEDY, new GenerationLimits(12, Set.of()));
                assertSame(full.get(0), goldens.json().path("without_eos"));
            }
            if (goldens.json().has("multi_image")) {
                JsonNode two = goldens.json().path("multi_image");
                PromptRow pictures =
                        new PromptRow(Goldens.ids(two.path("input_ids")), List.of(tiny.features(0), tiny.features(1)));
                assertSame(tiny.generate(pictures, 6), two);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"pg1", "pg2-w8"})
    void promptsThatAreTooManyToBeReadAtOnceEqualEachAlone(String name) throws IOException {
        Goldens goldens = Goldens.of(name);
        try (TinyModel tiny = TinyModel.of(goldens)) {
            List<PromptRow> prompts = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                prompts.add(tiny.prompt(goldens.single(i % 3), i % 3));
            }
            LanguageModel.Prediction read = tiny.model().prefill(prompts);
            int[] next = new int[prompts.size()];
            Arrays.fill(next, 7);
            float[] logits = tiny.model().next(read.cache(), next).logits().floats();
            int vocabulary = logits.length / prompts.size();
            for (int i : new int[] {0, 100, 101, 199}) {
                KvCache alone = tiny.model().prefill(List.of(prompts.get(i))).cache();
                Goldens.assertClose(
                        "row " + i,
                        Arrays.copyOfRange(logits, i * vocabulary, (i + 1) * vocabulary),
                        tiny.model().next(alone, new int[] {7}).logits().floats(),
                        TOLERANCE);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"pg1", "pg1-k2", "pg1-defaults", "pg2-w8", "pg2-w4096"})
    void suffixesAreScoredAsInTraining(String name) throws IOException {
        Goldens goldens = Goldens.of(name);
        try (TinyModel tiny = TinyModel.of(goldens)) {
            JsonNode suffix = goldens.json().path("suffix");
            int[] targets = Goldens.ids(suffix.path("targets"));
            Tensor logits = tiny.model().suffixLogits(tiny.prompt(goldens.single(0), 0), targets);
            int vocabulary = Math.toIntExact(logits.extent(1));
            for (int i = 0; i < targets.length; i++) {
                float[] row = new float[vocabulary];
                logits.buffer().asFloatBuffer().get(i * vocabulary, row);
                assertThat(LogProbabilities.of(row, targets[i]))
                        .isCloseTo(suffix.path("logprob").path(i).doubleValue(), within(1e-4));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"pg1", "pg1-k2", "pg1-defaults", "pg2-w8", "pg2-w4096"})
    void samplingFiltersKeepTheReferenceSet(String name) throws IOException {
        Goldens goldens = Goldens.of(name);
        try (TinyModel tiny = TinyModel.of(goldens)) {
            JsonNode expected = goldens.json().path("sampling_filter");
            float[] logits = tiny.model()
                    .prefill(List.of(tiny.prompt(goldens.single(0), 0)))
                    .logits()
                    .floats();
            TokenFilter filter = TokenFilter.of(logits, new TokenChoice.Sampling(0.7, 20, 0.9, 1));
            assertThat(filter.ids().stream().mapToInt(Integer::intValue).toArray())
                    .isEqualTo(Goldens.ids(expected.path("ids")));
            for (int i = 0; i < filter.probabilities().length; i++) {
                assertThat(filter.probabilities()[i])
                        .isCloseTo(expected.path("probabilities").path(i).doubleValue(), within(1e-5));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("modelsAndPlaces")
    void beamsEqualTheReference(String name, StepPlace place) throws IOException {
        Goldens goldens = Goldens.of(name);
        try (TinyModel tiny = TinyModel.of(goldens, place)) {
            PromptRow prompt = tiny.prompt(goldens.single(0), 0);
            Map<String, BeamSearch.LogitCap> caps = Map.of(
                    "beam_final_cap_off", BeamSearch.LogitCap.RAW, "beam_final_cap_on", BeamSearch.LogitCap.CONFIGURED);
            caps.forEach((cap, rule) -> {
                JsonNode expected = goldens.json().path(cap);
                if (expected.isObject()) {
                    assertBeams(tiny, prompt, expected.path("beam3"), beams(1, BeamSearch.Stop.WHEN_NO_BETTER, rule));
                    assertBeams(
                            tiny,
                            prompt,
                            expected.path("beam3_length_penalty_0"),
                            beams(0, BeamSearch.Stop.WHEN_NO_BETTER, rule));
                    assertBeams(
                            tiny,
                            prompt,
                            expected.path("beam3_early_stopping"),
                            beams(1, BeamSearch.Stop.WHEN_FULL, rule));
                }
            });
        }
    }

    @ParameterizedTest
    @ValueSource(strings = "pg2-w8")
    void withoutTheAttentionCapTheOldDefaultComesOut(String name) throws IOException {
        Goldens goldens = Goldens.of(name);
        try (Checkpoint capped = goldens.checkpoint()) {
            CheckpointConfig config = capped.config();
            try (TinyModel tiny = TinyModel.of(
                    goldens, capped.withConfig(config.withText(config.text().withoutAttentionCap())))) {
                JsonNode expected = goldens.json().path("no_attention_cap");
                int[] ids = Goldens.ids(expected.path("generated"));
                assertSame(tiny.generate(tiny.prompt(goldens.single(0), 0), ids.length), expected);
                assertSteps(
                        tiny.model(),
                        List.of(tiny.prompt(goldens.single(0), 0)),
                        new int[][] {ids},
                        goldens.tensors().tensor("single.0.no_attention_cap.decode.logits"));
            }
        }
    }

    private static BeamSearch beams(double penalty, BeamSearch.Stop stop, BeamSearch.LogitCap cap) {
        return new BeamSearch(3, penalty, stop, cap);
    }

    private static void assertBeams(TinyModel tiny, PromptRow prompt, JsonNode expected, BeamSearch search) {
        List<BeamSearch.Hypothesis> found =
                search.search(tiny.model(), new Generator.Request(prompt, 0), tiny.limits(12));
        double tolerance = search.lengthPenalty() == 0 ? 1e-3 : 1e-4;
        assertThat(found).hasSize(3);
        for (int i = 0; i < 3; i++) {
            assertThat(found.get(i).generated().ids())
                    .as(search + " " + i)
                    .isEqualTo(Goldens.ids(expected.path("sequences").path(i)));
            assertThat(found.get(i).score())
                    .isCloseTo(expected.path("scores").path(i).doubleValue(), within(tolerance));
        }
    }

    /** Feeds the reference's own tokens and compares the logits of every step. */
    private static void assertSteps(LanguageModel model, List<PromptRow> prompts, int[][] ids, Tensor expected)
            throws IOException {
        int vocabulary = Math.toIntExact(expected.extent(expected.rank() - 1));
        int steps = Math.toIntExact(expected.extent(expected.rank() - 2));
        float[] all = expected.floats();
        LanguageModel.Prediction prediction = model.prefill(prompts);
        for (int step = 0; step < steps; step++) {
            float[] actual = prediction.logits().floats();
            for (int row = 0; row < prompts.size(); row++) {
                if (!ended(ids[row], step, model)) {
                    int from = (row * steps + step) * vocabulary;
                    Goldens.assertClose(
                            "row " + row + " step " + step,
                            java.util.Arrays.copyOfRange(actual, row * vocabulary, (row + 1) * vocabulary),
                            java.util.Arrays.copyOfRange(all, from, from + vocabulary),
                            TOLERANCE);
                }
            }
            if (step + 1 < steps) {
                int now = step;
                prediction = model.next(
                        prediction.cache(),
                        IntStream.range(0, prompts.size())
                                .map(row -> ids[row][now])
                                .toArray());
            }
        }
    }

    private static boolean ended(int[] ids, int step, LanguageModel model) {
        return IntStream.range(0, step).anyMatch(i -> model.config().endIds().contains(ids[i]));
    }

    private static void assertSame(Generated generated, JsonNode expected) {
        assertThat(generated.ids()).isEqualTo(Goldens.ids(expected.path("generated")));
        for (int i = 0; i < generated.ids().length; i++) {
            assertThat(generated.logProbabilities()[i])
                    .isCloseTo(expected.path("steps").path(i).path("logprob").doubleValue(), within(1e-4));
        }
    }
}
