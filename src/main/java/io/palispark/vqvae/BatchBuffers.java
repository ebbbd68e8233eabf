package io.palispark.vqvae;

import io.palispark.tensor.Tensor;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import java.util.function.Supplier;

/** Tensors outside the heap for one batch, lent to one call at a time and kept for the next; as many as calls overlap. */
final class BatchBuffers {

    /** Masks in one call of a session; throughput is the same from 16 to 256. */
    static final int BATCH = 64;

    private final Queue<Map<String, Tensor>> idle = new ConcurrentLinkedQueue<>();
    private final Supplier<Map<String, Tensor>> allocation;

    BatchBuffers(Supplier<Map<String, Tensor>> allocation) {
        this.allocation = allocation;
    }

    <R> R lend(Function<Map<String, Tensor>, R> call) {
        Map<String, Tensor> buffers = idle.poll();
        if (buffers == null) {
            buffers = allocation.get();
        }
        try {
            return call.apply(buffers);
        } finally {
            idle.add(buffers);
        }
    }
}
