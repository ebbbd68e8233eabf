package io.palispark.job;

import io.palispark.spark.WorkCounters;
import io.palispark.tensor.InferenceException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Calls a model on many items, some at a time; a number that the device has no memory for is halved, for later calls too. */
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

    /** A call of the model on items of which it takes so many at a time. */
    @FunctionalInterface
    interface QueuedCall<I, O> {
        /** One output an input, in order. */
        List<O> apply(List<I> inputs, int places);
    }

    /** The same in one call that fills the places by itself; item by item where the device has memory for one place only. */
    <I, O> List<Optional<O>> mapQueued(List<I> items, QueuedCall<I, O> call) {
        while (size > 1 && items.size() > 1) {
            int places = Math.min(size, items.size());
            for (int from = 0; from < items.size(); from += places) {
                WorkCounters.batch(Math.min(places, items.size() - from));
            }
            try {
                return call.apply(items, places).stream().map(Optional::of).toList();
            } catch (InferenceException refused) {
                if (!refused.isOutOfMemory()) {
                    throw refused;
                }
                size = places / 2;
            }
        }
        return map(items, batch -> call.apply(batch, 1));
    }
}
