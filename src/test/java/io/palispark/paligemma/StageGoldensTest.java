package io.palispark.paligemma;

import static io.palispark.paligemma.Goldens.RESIDUAL_TOLERANCE;
import static io.palispark.paligemma.Goldens.TOLERANCE;

import io.palispark.tensor.QuantizedCache;
import io.palispark.tensor.Tensor;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class StageGoldensTest {

    private static final long LAYER_BY_LAYER = 1;

    static Stream<Arguments> modelsAndWeights() {
        return Stream.of("pg1", "pg1-k2", "pg2-w8", "pg2-w4096")
                .flatMap(name ->
                        Stream.of(WeightPlace.WIDENED, WeightPlace.MAPPED).map(place -> Arguments.of(name, place)));
    }

    @ParameterizedTest
    @MethodSource("modelsAndWeights")
    void everyStageEqualsTheReference(String name, WeightPlace weights) throws IOException {
        Goldens goldens = Goldens.of(name);
        Set<String> stages = goldens.tensors().names().stream()
                .filter(tensor -> tensor.startsWith("single.0.vision.") || tensor.startsWith("single.0.text."))
                .map(tensor -> tensor.substring("single.0.".length()))
                .collect(Collectors.toSet());
        Checkpoint checkpoint = goldens.checkpoint();
        ModelBuild build = new ModelBuild(
                checkpoint, Goldens.CPU, Precision.FLOAT32, stages, StepPlace.GRAPH, QuantizedCache.NONE, weights);
        try (checkpoint;
                VisionTower vision = VisionTower.open(build);
                LanguageModel model = LanguageModel.open(build, LAYER_BY_LAYER)) {
            Map<String, Tensor> seen = vision.run(goldens.pixels(0));
            int[] ids = Goldens.ids(goldens.single(0).path("input_ids"));
            Map<String, Tensor> read = model.prefill(
                    new PromptBatch(checkpoint.config(), List.of(new PromptRow(ids, List.of(seen.get("features"))))),
                    IntStream.range(0, ids.length).toArray());
            for (String stage : stages) {
                Tensor actual = stage.startsWith("vision.") ? seen.get(stage) : read.get(stage);
                float tolerance = stage.startsWith("text.layer.") ? RESIDUAL_TOLERANCE : TOLERANCE;
                assertStage(goldens, stage, actual, tolerance);
            }
            assertStage(goldens, "projector", seen.get("features"), TOLERANCE);
            assertStage(goldens, "logits", read.get(GemmaGraph.LOGITS), TOLERANCE);
        }
    }

    private static void assertStage(Goldens goldens, String stage, Tensor actual, float tolerance) throws IOException {
        Goldens.assertClose(
                goldens.name() + " " + stage,
                actual.floats(),
                goldens.tensors().tensor("single.0." + stage).floats(),
                tolerance);
    }
}
