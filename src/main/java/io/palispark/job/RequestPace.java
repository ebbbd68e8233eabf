package io.palispark.job;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** Spaces out requests evenly. All that ask for the same name in one executor share one pace. */
final class RequestPace {

    private static final Map<String, RequestPace> BY_NAME = new ConcurrentHashMap<>();
    private static final double NANOSECONDS = 1e9;

    private final long gap;
    private long next = System.nanoTime();

    private RequestPace(double perSecond) {
        this.gap = (long) (NANOSECONDS / perSecond);
    }

    static RequestPace of(String name, double perSecond) {
        return BY_NAME.computeIfAbsent(name + " " + perSecond, absent -> new RequestPace(perSecond));
    }

    /** Waits until the next request may start. */
    void await() throws InterruptedException {
        long wait = reserve();
        if (wait > 0) {
            TimeUnit.NANOSECONDS.sleep(wait);
        }
    }

    private synchronized long reserve() {
        long now = System.nanoTime();
        long start = Math.max(now, next);
        next = start + gap;
        return start - now;
    }
}
