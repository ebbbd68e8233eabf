package io.palispark.tensor;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;

/**
 * Threads that share the parts of one computation with whoever asks for it. Several callers may ask at the same time;
 * with one thread each computes alone.
 */
public final class WorkTeam implements AutoCloseable {

    private final int helpers;
    private final ExecutorService threads;

    /** @param threads that share one call, the caller's among them */
    public WorkTeam(int threads) {
        this.helpers = threads - 1;
        this.threads = new ThreadPoolExecutor(
                helpers, Math.max(1, helpers), 0, TimeUnit.SECONDS, new LinkedTransferQueue<>(), work -> {
                    Thread thread = new Thread(work, "palispark-team");
                    thread.setDaemon(true);
                    return thread;
                });
    }

    /**
     * Runs each part once and returns when all are done. The first failure of a part is thrown after that.
     *
     * @param part is called with 0 to {@code parts} - 1, from any thread and in any order
     */
    public void share(int parts, IntConsumer part) {
        Share share = new Share(parts, part);
        for (int helper = 0; helper < Math.min(helpers, parts - 1); helper++) {
            threads.execute(share::work);
        }
        share.work();
        share.await();
    }

    private static final class Share {

        private final int parts;
        private final IntConsumer part;
        private final AtomicInteger next = new AtomicInteger();
        private final CountDownLatch open;
        private final AtomicReference<Throwable> failure = new AtomicReference<>();

        Share(int parts, IntConsumer part) {
            this.parts = parts;
            this.part = part;
            this.open = new CountDownLatch(parts);
        }

        /** A helper that comes late finds nothing left, and nobody waits for it. */
        void work() {
            for (int mine = next.getAndIncrement(); mine < parts; mine = next.getAndIncrement()) {
                try {
                    part.accept(mine);
                } catch (RuntimeException | Error failed) {
                    // an error of a helper, such as of a mapped file that was cut, is the caller's as well
                    failure.compareAndSet(null, failed);
                } finally {
                    open.countDown();
                }
            }
        }

        void await() {
            boolean interrupted = false;
            while (true) {
                try {
                    open.await();
                    break;
                } catch (InterruptedException asked) {
                    interrupted = true;
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
            if (failure.get() instanceof Error error) {
                throw error;
            }
            if (failure.get() instanceof RuntimeException failed) {
                throw failed;
            }
        }
    }

    @Override
    public void close() {
        threads.shutdown();
    }
}
