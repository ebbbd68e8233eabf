package io.palispark.job;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Pictures made ready by threads ahead of the one that feeds the model, and handed over in their order. What is being made
 * and what waits to be taken has room for a number of bytes; only the picture whose turn has come is never held back, so
 * that one picture more than the room may be there and a picture larger than the room gets through.
 *
 * @param <P> what is to be made ready
 * @param <R> what waits for the model
 */
final class PictureFeed<P, R> implements AutoCloseable {

    private final List<P> pictures;
    private final Work<P, R> work;
    private final long room;
    private final List<Thread> threads = new ArrayList<>();
    private final Map<Integer, Made<R>> made = new HashMap<>();
    private int begun;
    private int taken;
    private long held;
    private long waited;
    private boolean closed;

    /** What is done to a picture. Called from several threads at a time. */
    @FunctionalInterface
    interface Work<P, R> {
        /** @param share is asked for room before memory is used */
        R make(P picture, Share share) throws IOException, InterruptedException;
    }

    /** The room that one picture takes until it is handed over. */
    interface Share {

        /** Takes bytes, as soon as there is room or this picture's turn has come. */
        void take(long bytes) throws InterruptedException;

        /** Gives bytes back that were taken. */
        void giveBack(long bytes);
    }

    private record Made<R>(R result, Throwable failure, long bytes) {}

    /**
     * Starts the threads.
     *
     * @param threads that make pictures ready
     * @param room bytes
     */
    PictureFeed(List<P> pictures, Work<P, R> work, int threads, long room) {
        this.pictures = pictures;
        this.work = work;
        this.room = room;
        for (int i = 0; i < Math.min(threads, pictures.size()); i++) {
            Thread thread = new Thread(this::makeAll, "palispark-decode-" + i);
            thread.setDaemon(true);
            this.threads.add(thread);
        }
        this.threads.forEach(Thread::start);
    }

    /**
     * The next picture in order, as soon as it is ready.
     *
     * @throws IOException what reading it threw; other failures of its thread come the same way
     */
    R next() throws IOException, InterruptedException {
        Made<R> next = await();
        if (next.failure() instanceof IOException unreadable) {
            throw unreadable;
        }
        if (next.failure() instanceof Error error) {
            throw error;
        }
        if (next.failure() != null) {
            throw (RuntimeException) next.failure();
        }
        return next.result();
    }

    private synchronized Made<R> await() throws InterruptedException {
        long since = System.nanoTime();
        while (!made.containsKey(taken)) {
            wait();
        }
        waited += System.nanoTime() - since;
        Made<R> next = made.remove(taken);
        taken++;
        giveBack(next.bytes());
        return next;
    }

    /** Seconds that {@link #next} has waited so far: the model had nothing to do. */
    synchronized double secondsWaited() {
        return waited / 1e9;
    }

    private void makeAll() {
        try {
            for (int place = begin(); place < pictures.size(); place = begin()) {
                put(place, make(pictures.get(place), new Held(place)));
            }
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized int begin() {
        return closed ? pictures.size() : begun++;
    }

    private Made<R> make(P picture, Held share) throws InterruptedException {
        try {
            R result = work.make(picture, share);
            return new Made<>(result, null, share.bytes);
        } catch (IOException | RuntimeException | Error failed) {
            // whoever takes the picture gets it
            return new Made<>(null, failed, share.bytes);
        }
    }

    private synchronized void put(int place, Made<R> result) {
        made.put(place, result);
        notifyAll();
    }

    private synchronized void take(int place, long bytes) throws InterruptedException {
        while (!closed && place > taken && held + bytes > room) {
            wait();
        }
        if (closed) {
            throw new InterruptedException("The feed was closed");
        }
        held += bytes;
    }

    private synchronized void giveBack(long bytes) {
        held -= bytes;
        notifyAll();
    }

    private final class Held implements Share {

        private final int place;
        private long bytes;

        Held(int place) {
            this.place = place;
        }

        @Override
        public void take(long more) throws InterruptedException {
            PictureFeed.this.take(place, more);
            bytes += more;
        }

        @Override
        public void giveBack(long less) {
            bytes -= less;
            PictureFeed.this.giveBack(less);
        }
    }

    /** Ends the threads and waits for them. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        threads.forEach(Thread::interrupt);
        boolean interrupted = false;
        for (Thread thread : threads) {
            while (thread.isAlive()) {
                try {
                    thread.join();
                } catch (InterruptedException asked) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
