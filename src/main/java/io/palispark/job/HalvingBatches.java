package io.palispark.job;

import io.palispark.spark.WorkCounters;
import io.palispark.tensor.InferenceException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Calls a model on many items in batches; a batch that the device has no memory for is halved, and so are later ones. */
final class HalvingBatches {

    private int size;

    /** @param size items of one call, until memory is short */
    HalvingBatches(int size) {
        this.size = size;
    }

    /** Items of the next call. */
    int size() {
        return size;
    }

    /** A call of the model. */
    @FunctionalInterface
    interface Call<I, O> {
        /** One output an input, in order. */
        List<O> apply(List<I> inputs);
    }

    /** One output an item, in order; empty for an item that alone is too large for the device. */
    <I, O> List<Optional<O>> map(List<I> items, Call<I, O> call) {
        List<Optional<O>> outputs = new ArrayList<>(items.size());
        while (outputs.size() < items.size()) {
            int from = outputs.size();
            List<I> batch = items.subList(from, Math.min(items.size(), from + size));
            WorkCounters.batch(batch.size());
            try {
                call.apply(batch).forEach(output -> outputs.add(Optional.of(output)));
            } catch (InferenceException refused) {
                if (!refused.isOutOfMemory()) {
                    throw refused;
                }
                if (batch.size() == 1) {
                    outputs.add(Optional.empty());
                } else {
                    size = batch.size() / 2;
                }
            }
        }
        return outputs;
    }
}
