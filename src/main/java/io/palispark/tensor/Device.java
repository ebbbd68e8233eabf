package io.palispark.tensor;

import java.io.Serializable;

/** Where a session computes. Nothing falls back from one to the other. */
public sealed interface Device extends Serializable {

    /**
     * The processor.
     *
     * @param threads threads that share one call; with 1 a call runs in the caller's thread alone, so that many callers
     *     may run side by side
     */
    record Cpu(int threads) implements Device {
        public Cpu {
            if (threads < 1) {
                throw new IllegalArgumentException("Cannot compute with " + threads + " threads: at least 1 is needed");
            }
        }

        @Override
        public String toString() {
            return "cpu";
        }
    }

    /**
     * One NVIDIA accelerator.
     *
     * @param ordinal as CUDA counts the devices visible to the process, from 0
     */
    record Cuda(int ordinal) implements Device {
        public Cuda {
            if (ordinal < 0) {
                throw new IllegalArgumentException("Cannot use CUDA device " + ordinal + ": counted from 0");
            }
        }

        @Override
        public String toString() {
            return "cuda:" + ordinal;
        }
    }
}
