package io.palispark.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WorkTeamTest {

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5})
    void everyPartRunsOnceThoughSeveralCallersAsk(int threads) {
        AtomicIntegerArray runs = new AtomicIntegerArray(4 * 100);
        try (WorkTeam team = new WorkTeam(threads)) {
            IntStream.range(0, 4)
                    .parallel()
                    .forEach(caller -> team.share(100, part -> runs.incrementAndGet(caller * 100 + part)));
        }
        assertThat(IntStream.range(0, runs.length()).map(runs::get)).containsOnly(1);
    }

    @Test
    void aFailureOfAPartReachesTheCallerAndTheTeamGoesOn() {
        try (WorkTeam team = new WorkTeam(2)) {
            assertThatThrownBy(() -> team.share(10, part -> {
                        if (part == 7) {
                            throw new IllegalStateException("part 7");
                        }
                    }))
                    .hasMessage("part 7");
            AtomicIntegerArray runs = new AtomicIntegerArray(10);
            team.share(10, runs::incrementAndGet);
            assertThat(runs).hasToString("[1, 1, 1, 1, 1, 1, 1, 1, 1, 1]");
        }
    }

    @Test
    void anErrorOfAHelperIsTheCallersAndNoWrongResult() {
        Thread caller = Thread.currentThread();
        CyclicBarrier both = new CyclicBarrier(2);
        try (WorkTeam team = new WorkTeam(2)) {
            assertThatThrownBy(() -> team.share(2, part -> {
                        meet(both);
                        if (Thread.currentThread() != caller) {
                            throw new InternalError("a mapped file was cut");
                        }
                    }))
                    .isInstanceOf(InternalError.class);
        }
    }

    private static void meet(CyclicBarrier barrier) {
        try {
            barrier.await();
        } catch (InterruptedException | BrokenBarrierException alone) {
            throw new IllegalStateException(alone);
        }
    }
}
