package io.palispark.paligemma;

import io.palispark.tensor.Device;
import io.palispark.tensor.QuantizedCache;
import java.util.Set;

/**
 * From what, for what and how the networks of a checkpoint are built.
 *
 * @param stages names of inner results that become outputs too, for comparison with a reference
 */
record ModelBuild(
        Checkpoint checkpoint,
        Device device,
        Precision precision,
        Set<String> stages,
        StepPlace steps,
        QuantizedCache quantised) {

    static ModelBuild of(Checkpoint checkpoint, Device device, Precision precision) {
        return new ModelBuild(checkpoint, device, precision, Set.of(), StepPlace.FASTER, QuantizedCache.NONE);
    }

    ModelBuild withSteps(StepPlace place) {
        return new ModelBuild(checkpoint, device, precision, stages, place, quantised);
    }

    ModelBuild withQuantised(QuantizedCache cache) {
        return new ModelBuild(checkpoint, device, precision, stages, steps, cache);
    }

    ModelBuild withStages(Set<String> others) {
        return new ModelBuild(checkpoint, device, precision, others, steps, quantised);
    }
}
