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
        QuantizedCache quantised,
        WeightPlace weights) {

    static ModelBuild of(Checkpoint checkpoint, Device device, Precision precision) {
        return of(checkpoint, ModelSettings.on(device).withPrecision(precision));
    }

    static ModelBuild of(Checkpoint checkpoint, ModelSettings settings) {
        return new ModelBuild(
                checkpoint,
                settings.device(),
                settings.precision(),
                Set.of(),
                StepPlace.FASTER,
                settings.quantised(),
                settings.weights());
    }

    ModelBuild withSteps(StepPlace place) {
        return new ModelBuild(checkpoint, device, precision, stages, place, quantised, weights);
    }

    ModelBuild withStages(Set<String> others) {
        return new ModelBuild(checkpoint, device, precision, others, steps, quantised, weights);
    }

    ModelBuild withWeights(WeightPlace place) {
        return new ModelBuild(checkpoint, device, precision, stages, steps, quantised, place);
    }

    /** Where matrices lie: only float32 on the processor has a choice. */
    WeightPlace weightPlace() {
        return device instanceof Device.Cpu && precision == Precision.FLOAT32
                ? weights.forThisMachine(checkpoint.parameters())
                : WeightPlace.WIDENED;
    }
}
