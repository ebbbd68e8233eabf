package io.palispark.spark;

import com.codahale.metrics.Gauge;
import com.codahale.metrics.MetricRegistry;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The running job in numbers, on the driver: what all executors report, summed, until {@link #publish} replaces it by what
 * the manifest says. Work that was done twice counts twice until then, and parts that were found finished not at all.
 */
public final class RunGauges {

    private static final RunGauges OF_PROCESS = new RunGauges();

    private static final String BATCH_SIZE = "batch_size";
    private static final String PER_SECOND = "_per_second";
    private static final List<String> RATED = List.of(WorkCounters.IMAGES, WorkCounters.OBJECTS, WorkCounters.TOKENS);
    private static final Duration WINDOW = Duration.ofSeconds(10);

    private final Map<String, Map<String, Long>> byExecutor = new ConcurrentHashMap<>();
    private final Map<String, Deque<Sample>> samples = new HashMap<>();
    private final Set<String> registered = new LinkedHashSet<>();
    private Map<String, Long> before = Map.of();
    private Map<String, Long> published = Map.of();
    private MetricRegistry registry = new MetricRegistry();

    private record Sample(long nanoseconds, long count) {}

    /** Those of this driver. */
    public static RunGauges ofProcess() {
        return OF_PROCESS;
    }

    /** Another job begins: everything counts from 0. */
    public synchronized void begin() {
        before = sums();
        published = Map.of();
        samples.clear();
    }

    /**
     * The numbers of the manifest, which stay until another job begins.
     *
     * @param counts by the names of {@link WorkCounters}; nothing waits any more
     */
    public synchronized void publish(Map<String, Long> counts) {
        published = new TreeMap<>(counts);
        published.keySet().forEach(this::register);
    }

    /** Shows the numbers in a registry of Spark's. */
    synchronized void showIn(MetricRegistry metrics) {
        registry = metrics;
        registered.clear();
        for (String name : List.of(
                WorkCounters.IMAGES,
                WorkCounters.OBJECTS,
                WorkCounters.ROWS,
                WorkCounters.TOKENS,
                WorkCounters.QUEUED)) {
            register(name);
        }
        for (String name : RATED) {
            registry.register(name + PER_SECOND, (Gauge<Double>) () -> perSecond(name, System.nanoTime()));
        }
        registry.register(BATCH_SIZE, (Gauge<Double>) this::batchSize);
    }

    /** Takes what an executor has counted since it started. */
    synchronized void report(String executor, Map<String, Long> counts) {
        byExecutor.put(executor, counts);
        counts.keySet().stream()
                .filter(name -> name.startsWith(WorkCounters.REJECTS))
                .forEach(this::register);
        long now = System.nanoTime();
        for (String name : RATED) {
            Deque<Sample> kept = samples.computeIfAbsent(name, absent -> new ArrayDeque<>());
            kept.addLast(new Sample(now, done(name)));
            while (kept.size() > 2 && now - kept.getFirst().nanoseconds() > WINDOW.toNanos()) {
                kept.removeFirst();
            }
        }
    }

    private void register(String name) {
        if (registered.add(name)) {
            registry.register(name, (Gauge<Long>) () -> value(name));
        }
    }

    private synchronized long value(String name) {
        return published.isEmpty() ? done(name) : published.getOrDefault(name, 0L);
    }

    private long done(String name) {
        return sums().getOrDefault(name, 0L) - before.getOrDefault(name, 0L);
    }

    /** Over about the last ten seconds; 0 when nothing was reported for as long. */
    private synchronized double perSecond(String name, long now) {
        Deque<Sample> kept = samples.getOrDefault(name, new ArrayDeque<>());
        if (kept.size() < 2 || now - kept.getLast().nanoseconds() > WINDOW.toNanos()) {
            return 0;
        }
        Sample first = kept.getFirst();
        return (kept.getLast().count() - first.count()) * 1e9 / (now - first.nanoseconds());
    }

    /**
     * How fast the job goes, in words: images and tokens over about the last ten seconds, rejects since it began. What there
     * is nothing of is left out.
     */
    public synchronized String pace() {
        List<String> said = new ArrayList<>();
        for (String name : List.of(WorkCounters.IMAGES, WorkCounters.TOKENS)) {
            double rate = perSecond(name, System.nanoTime());
            if (rate > 0) {
                said.add(String.format(Locale.ROOT, rate < 10 ? "%.1f %s/s" : "%.0f %s/s", rate, name));
            }
        }
        long rejects = sums().keySet().stream()
                .filter(name -> name.startsWith(WorkCounters.REJECTS))
                .mapToLong(this::done)
                .sum();
        if (rejects > 0) {
            said.add(rejects + " rejected");
        }
        return String.join(" · ", said);
    }

    /** Mean inputs of a model call. */
    private synchronized double batchSize() {
        long calls = done(WorkCounters.BATCHES);
        return calls == 0 ? 0 : (double) done(WorkCounters.BATCHED) / calls;
    }

    private Map<String, Long> sums() {
        Map<String, Long> sums = new HashMap<>();
        byExecutor.values().forEach(counts -> counts.forEach((name, count) -> sums.merge(name, count, Long::sum)));
        return sums;
    }
}
