package io.palispark.paligemma;

import com.fasterxml.jackson.databind.JsonNode;
import io.palispark.tensor.Tensor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** A loaded tiny checkpoint with the features of the pictures of its goldens. */
record TinyModel(Checkpoint checkpoint, LanguageModel model, List<Tensor> pictures) implements AutoCloseable {

    static TinyModel of(Goldens goldens) throws IOException {
        return of(goldens, goldens.checkpoint());
    }

    static TinyModel of(Goldens goldens, Checkpoint checkpoint) throws IOException {
        return of(goldens, ModelBuild.of(checkpoint, Goldens.CPU, Precision.FLOAT32));
    }

    static TinyModel of(Goldens goldens, StepPlace steps) throws IOException {
        return of(
                goldens,
                ModelBuild.of(goldens.checkpoint(), Goldens.CPU, Precision.FLOAT32)
                        .withSteps(steps));
    }

    static TinyModel of(Goldens goldens, ModelBuild build) throws IOException {
        try (VisionTower vision = VisionTower.open(build)) {
            List<Tensor> pictures = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                pictures.add(vision.features(goldens.pixels(i)));
            }
            return new TinyModel(build.checkpoint(), LanguageModel.open(build), pictures);
        }
    }

    Tensor features(int picture) {
        return pictures.get(picture);
    }

    PromptRow prompt(JsonNode golden, int picture) {
        return new PromptRow(Goldens.ids(golden.path("input_ids")), List.of(features(picture)));
    }

    Generator generator() {
        return new Generator(model);
    }

    GenerationLimits limits(int newTokens) {
        return new GenerationLimits(newTokens, checkpoint.config().endIds());
    }

    Generated generate(PromptRow prompt, int newTokens) {
        return generator()
                .generate(List.of(new Generator.Request(prompt, 0)), new TokenChoice.Greedy(), limits(newTokens))
                .get(0);
    }

    float[] prefillLogits(PromptRow prompt) {
        return model.prefill(List.of(prompt)).logits().floats();
    }

    @Override
    public void close() throws IOException {
        model.close();
        checkpoint.close();
    }
}
