package io.palispark.paligemma;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.palispark.tensor.Device;
import io.palispark.tensor.ElementType;
import io.palispark.tensor.HalfProducts;
import io.palispark.tensor.InferenceException;
import io.palispark.tensor.InferenceSession;
import io.palispark.tensor.SessionChain;
import io.palispark.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The graphs that CUDA runs in 16 bits, on the processor with their products rounded as there ({@link HalfProducts}),
 * beside what transformers computes in float32.
 */
class HalfPrecisionTest {

    /** Difference of the two best logits from which on another choice is no rounding (8.3 of the reference note). */
    private static final double SURE = 0.5;

    private static final int PICTURES = 12;

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({
        "pg1, BFLOAT16, 0.03",
        "pg1-k2, BFLOAT16, 0.03",
        "pg2-w8, BFLOAT16, 0.03",
        "pg2-w4096, BFLOAT16, 0.03",
        "pg1, FLOAT16, 0.005",
        "pg1-k2, FLOAT16, 0.005",
        "pg2-w8, FLOAT16, 0.005",
        "pg2-w4096, FLOAT16, 0.005"
    })
    void logitsAndChoicesOfEveryStepStayNearFloat32(String name, Precision precision, double tolerance)
            throws IOException {
        Goldens goldens = Goldens.of(name);
        try (Checkpoint checkpoint = goldens.checkpoint();
                Emulated model = Emulated.open(checkpoint, precision)) {
            int[] generated = Goldens.ids(goldens.single(0).path("generated"));
            float[] logits = model.logits(model.prompt(goldens), generated);
            float[] expected =
                    goldens.tensors().tensor("single.0.decode.logits").floats();
            double error = PrecisionTest.relativeError(logits, expected);
            int same = 0;
            int vocabulary = expected.length / generated.length;
            for (int step = 0; step < generated.length; step++) {
                float[] row = Arrays.copyOfRange(expected, step * vocabulary, (step + 1) * vocabulary);
                int chosen = best(Arrays.copyOfRange(logits, step * vocabulary, (step + 1) * vocabulary));
                same += chosen == generated[step] ? 1 : 0;
                assertThat(row[generated[step]] - row[chosen]).isLessThan((float) SURE);
            }
            System.out.printf(
                    "%s %s: logits off by %.4f, %d of %d choices equal%n",
                    name, precision, error, same, generated.length);
            assertThat(error).isLessThan(tolerance);
        }
    }

    @ParameterizedTest
    @CsvSource({"pg1, BFLOAT16", "pg2-w8, BFLOAT16", "pg2-w4096, BFLOAT16", "pg1, FLOAT16", "pg2-w8, FLOAT16"})
    void theLoopWritesWhatFloat32Writes(String name, Precision precision) throws IOException {
        Goldens goldens = Goldens.of(name);
        try (Checkpoint checkpoint = goldens.checkpoint();
                Emulated model = Emulated.open(checkpoint, precision)) {
            JsonNode golden = goldens.single(0);
            DecodingLoop.Written written = model.written(model.prompt(goldens), model.limits(12));
            int[] expected = Goldens.ids(golden.path("generated"));
            assertThat(written.ids()).isEqualTo(Arrays.stream(expected).boxed().toList());
            for (int i = 0; i < expected.length; i++) {
                assertThat(written.logProbabilities().get(i))
                        .isCloseTo(golden.path("steps").path(i).path("logprob").doubleValue(), within(0.2));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"BFLOAT16, 0.03, 10", "FLOAT16, 0.005, 12"})
    void theStandInStaysNearFloat32(Precision precision, double tolerance, int leastSame) throws IOException {
        PaliGemma exact = StandInModel.MODEL;
        double worst = 0;
        int same = 0;
        try (Emulated model = Emulated.open(exact.checkpoint(), precision)) {
            List<DemoExpectation.Picture> pictures =
                    DemoExpectation.read().pictures().subList(0, PICTURES);
            for (DemoExpectation.Picture picture : pictures) {
                Tensor pixels = Pictures.input(exact.side()).pixels(List.of(picture.read()));
                PromptRow near = exact.prompt("caption en", model.features(pixels));
                PromptRow prompt = exact.prompt(
                        "caption en", exact.features(List.of(picture.read())).get(0));
                float[] expected =
                        exact.language().prefill(List.of(prompt)).logits().floats();
                worst = Math.max(worst, PrecisionTest.relativeError(model.logits(near, 1), expected));
                int[] caption = exact.generate(
                                List.of(new Generator.Request(prompt, 0)), new TokenChoice.Greedy(), exact.limits(48))
                        .get(0)
                        .ids();
                List<Integer> written = model.written(near, model.limits(48)).ids();
                same += written.equals(Arrays.stream(caption).boxed().toList()) ? 1 : 0;
            }
        }
        System.out.printf("%s: %d of %d captions equal, logits off by %.4f%n", precision, same, PICTURES, worst);
        assertThat(worst).isLessThan(tolerance);
        assertThat(same).isGreaterThanOrEqualTo(leastSame);
    }

    @ParameterizedTest
    @CsvSource({"pg1, BFLOAT16", "pg2-w8, BFLOAT16", "pg1, FLOAT16", "pg2-w8, FLOAT16"})
    void everyMatrixLiesInTwoBytesANumber(String name, Precision precision) throws IOException {
        try (Checkpoint checkpoint = Goldens.of(name).checkpoint()) {
            ModelBuild build = ModelBuild.of(checkpoint, Goldens.CPU, precision);
            Map<String, ElementType> matrices = new LinkedHashMap<>(HalfProducts.matrices(VisionTower.graph(build)));
            matrices.putAll(HalfProducts.matrices(GemmaGraph.loop(build).build()));
            matrices.keySet()
                    .removeIf(matrix -> matrix.startsWith("vision_tower.embeddings.") || matrix.contains("/constant"));
            assertThat(matrices).hasSizeGreaterThan(20);
            assertThat(matrices.values()).containsOnly(precision.half().orElseThrow());
            assertThat(matrices).containsKey("table.0.weight").doesNotContainKey("head.0.weight");
        }
    }

    /** ONNX Runtime computes float16 in float32 on the processor, so of its rounding only that of the weights is seen. */
    @ParameterizedTest
    @ValueSource(strings = {"pg1", "pg1-k2", "pg2-w8", "pg2-w4096"})
    void float16RunsThroughTheWholeGenerator(String name) throws IOException {
        Goldens goldens = Goldens.of(name);
        ModelBuild build = ModelBuild.of(goldens.checkpoint(), Goldens.CPU, Precision.FLOAT16);
        try (TinyModel tiny = TinyModel.of(goldens, build)) {
            for (int i = 0; i < 3; i++) {
                assertThat(tiny.generate(tiny.prompt(goldens.single(i), i), 12).ids())
                        .isEqualTo(Goldens.ids(goldens.single(i).path("generated")));
            }
            assertThat(tiny.model().stepEngine()).isEqualTo("ONNX Runtime (precision float16)");
        }
    }

    /** The graph passes all checks of types; only a kernel is missing, which CUDA has. */
    @Test
    void theProcessorLacksNothingButTheProductOfBfloat16() throws IOException {
        try (Checkpoint checkpoint = Goldens.of("pg1").checkpoint()) {
            assertThatThrownBy(() -> LanguageModel.open(ModelBuild.of(checkpoint, Goldens.CPU, Precision.BFLOAT16)))
                    .isInstanceOf(InferenceException.class)
                    .hasMessageContaining("Could not find an implementation for Gemm");
        }
    }

    @ParameterizedTest
    @CsvSource({"FLOAT32, true", "BFLOAT16, true", "FLOAT16, false"})
    void numbersBeyondTheRangeOfFloat16LeaveNoFiniteLogit(Precision precision, boolean finite) throws IOException {
        Goldens goldens = Goldens.of("pg1");
        try (Checkpoint checkpoint = scaledCheckpoint(1e5f);
                Emulated model = Emulated.open(checkpoint, precision)) {
            for (float logit : model.logits(model.prompt(goldens), 1)) {
                assertThat(Float.isFinite(logit)).isEqualTo(finite);
            }
            DecodingLoop.Written written = model.written(model.prompt(goldens), new GenerationLimits(12, Set.of()));
            assertThat(written.ids()).hasSize(finite ? 12 : 1);
            assertThat(Double.isFinite(written.logProbabilities().get(0))).isEqualTo(finite);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"GRAPH", "LOOP"})
    void aRowWithoutFiniteLogitsEndsWithoutAnAnswer(StepPlace steps) throws IOException {
        Goldens goldens = Goldens.of("pg1");
        ModelBuild build = ModelBuild.of(scaledCheckpoint(1e7f), Goldens.CPU, Precision.FLOAT16);
        try (TinyModel tiny = TinyModel.of(goldens, build.withSteps(steps))) {
            PromptRow prompt = tiny.prompt(goldens.single(0), 0);
            for (TokenChoice choice : List.of(new TokenChoice.Greedy(), new TokenChoice.Sampling(1.5, 40, 0.9, 7))) {
                Generated row = tiny.generator()
                        .generate(List.of(new Generator.Request(prompt, 0)), choice, tiny.limits(12))
                        .get(0);
                assertThat(row.end()).isEqualTo(EndReason.NOT_FINITE);
                assertThat(row.ids()).isEmpty();
            }
            BeamSearch search = new BeamSearch(3, 1, BeamSearch.Stop.WHEN_NO_BETTER, BeamSearch.LogitCap.RAW);
            List<BeamSearch.Hypothesis> found =
                    search.search(tiny.model(), new Generator.Request(prompt, 0), tiny.limits(12));
            assertThat(found).hasSize(1);
            assertThat(found.get(0).generated().end()).isEqualTo(EndReason.NOT_FINITE);
        }
    }

    private Checkpoint scaledCheckpoint(float factor) throws IOException {
        ScaledCheckpoint.write(
                Goldens.model("checkpoints/pg1"), folder, "language_model.model.layers.1.mlp.down_proj.weight", factor);
        return Checkpoint.open(folder);
    }

    @ParameterizedTest
    @CsvSource({"BFLOAT16, CPU", "FLOAT16, CPU", "INT8, CUDA", "INT4, CUDA"})
    void aPrecisionThatADeviceDoesNotHaveIsRefused(Precision precision, String place) {
        Device device = place.equals("CPU") ? Goldens.CPU : new Device.Cuda(0);

        assertThatThrownBy(() -> PaliGemma.open(
                        StandInCheckpoint.folder(), ModelSettings.on(device).withPrecision(precision)))
                .isInstanceOf(InferenceException.class)
                .hasMessageContaining("does not compute in " + precision);
    }

    /** A checkpoint as CUDA computes it, on the processor. */
    private record Emulated(CheckpointConfig config, InferenceSession vision, SessionChain text)
            implements AutoCloseable {

        static Emulated open(Checkpoint checkpoint, Precision precision) throws IOException {
            ModelBuild build = ModelBuild.of(checkpoint, Goldens.CPU, precision);
            return new Emulated(
                    checkpoint.config(),
                    InferenceSession.open(HalfProducts.widened(VisionTower.graph(build)), Goldens.CPU),
                    SessionChain.open(
                            List.of(() ->
                                    HalfProducts.widened(GemmaGraph.loop(build).build())),
                            Goldens.CPU));
        }

        Tensor features(Tensor pixels) {
            return vision.run(Map.of(VisionTower.PIXELS, pixels)).get(VisionTower.FEATURES);
        }

        PromptRow prompt(Goldens goldens) throws IOException {
            int[] ids = Goldens.ids(goldens.single(0).path("input_ids"));
            return new PromptRow(ids, List.of(features(goldens.pixels(0))));
        }

        /** [generated, vocabulary]: what each generated token was chosen from, all seen in one call. */
        float[] logits(PromptRow prompt, int... generated) {
            int length = prompt.ids().length;
            int[] ids = IntStream.concat(IntStream.of(prompt.ids()), IntStream.of(generated))
                    .limit(length + generated.length - 1)
                    .toArray();
            Map<String, Tensor> inputs = inputs(new PromptRow(ids, prompt.features()), length);
            inputs.putAll(DecodingLoop.of(config.text(), text).idle(generated.length));
            return text.run(inputs, Set.of(GemmaGraph.LOGITS))
                    .get(GemmaGraph.LOGITS)
                    .floats();
        }

        GenerationLimits limits(int newTokens) {
            return new GenerationLimits(newTokens, config.endIds());
        }

        /** What the model writes by itself. */
        DecodingLoop.Written written(PromptRow prompt, GenerationLimits limits) {
            GrammarTable table = new GrammarTable(Math.toIntExact(config.text().vocabulary()));
            DecodingLoop.Row row = new DecodingLoop.Row(
                    table.place(TokenGrammar.FREE).orElseThrow(), limits.newTokens(), new double[0]);
            DecodingLoop.Plan plan =
                    new DecodingLoop.Plan(table.inputs(), List.of(row), new TokenChoice.Greedy(), limits.endIds(), 1);
            return DecodingLoop.of(config.text(), text)
                    .run(inputs(prompt, prompt.ids().length), new int[1], plan)
                    .rows()
                    .get(0);
        }

        /** @param prefix tokens that see each other; the last of them and those after it have logits */
        private Map<String, Tensor> inputs(PromptRow row, int prefix) {
            int length = row.ids().length;
            PromptBatch batch = new PromptBatch(config, List.of(row));
            AttentionMask mask =
                    new AttentionMask(batch.padding(), config.text().window());
            Map<String, Tensor> inputs = new LinkedHashMap<>(batch.inputs());
            inputs.put(GemmaGraph.MASK, mask.suffix(prefix, length, AttentionSpan.ALL));
            inputs.put(GemmaGraph.WINDOW_MASK, mask.suffix(prefix, length, AttentionSpan.WINDOW));
            long[] columns = IntStream.range(prefix - 1, length).asLongStream().toArray();
            inputs.put(GemmaGraph.COLUMNS, Tensor.of(columns, columns.length));
            inputs.putAll(KvCache.empty(config.text(), batch.padding()).tensors());
            return inputs;
        }

        @Override
        public void close() {
            vision.close();
            text.close();
        }
    }

    private static int best(float[] logits) {
        return new TokenChoice.Greedy().choose(logits, null);
    }
}
