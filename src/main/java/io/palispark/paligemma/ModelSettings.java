package io.palispark.paligemma;

import io.palispark.tensor.Device;
import io.palispark.tensor.QuantizedCache;
import java.nio.file.Path;
import java.util.Optional;

/**
 * How a checkpoint is opened.
 *
 * @param adapter folder of an adapter that is merged into it
 * @param quantised a place for what quantising gives
 */
public record ModelSettings(
        Device device, Precision precision, Optional<Path> adapter, QuantizedCache quantised, WeightPlace weights) {

    /** The checkpoint alone, in float32. */
    public static ModelSettings on(Device device) {
        return new ModelSettings(device, Precision.FLOAT32, Optional.empty(), QuantizedCache.NONE, WeightPlace.AUTO);
    }

    public ModelSettings withPrecision(Precision other) {
        return new ModelSettings(device, other, adapter, quantised, weights);
    }

    public ModelSettings withAdapter(Optional<Path> folder) {
        return new ModelSettings(device, precision, folder, quantised, weights);
    }

    public ModelSettings withQuantised(QuantizedCache cache) {
        return new ModelSettings(device, precision, adapter, cache, weights);
    }

    public ModelSettings withWeights(WeightPlace place) {
        return new ModelSettings(device, precision, adapter, quantised, place);
    }
}
