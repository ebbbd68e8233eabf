package io.palispark.spark;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * What the tasks of this process have done since it started, whatever became of the tasks: for people who watch a run.
 * Published counts come from committed shards. {@link PalisparkPlugin} carries the numbers to the driver. Any thread.
 */
public final class WorkCounters {

    /** Image records finished, written or rejected; in {@code generate}, pictures decoded. */
    public static final String IMAGES = "images";

    /** Object records finished, written or rejected; in predictions, objects found. */
    public static final String OBJECTS = "objects";

    /** Lines written. */
    public static final String ROWS = "rows";

    /** Tokens that a model wrote. */
    public static final String TOKENS = "tokens";

    /** Objects or prompts that wait for the next call of a model. */
    public static final String QUEUED = "queue_depth";

    /** Before a reason code: rejects of that reason. */
    public static final String REJECTS = "rejects.";

    /** Calls of a model, and what they computed together: masks, pictures or prompts. */
    static final String BATCHES = "batches";

    static final String BATCHED = "batched";

    private static final Map<String, LongAdder> COUNTS = new ConcurrentHashMap<>();

    private WorkCounters() {}

    /** @param number negative for what no longer waits */
    public static void add(String name, long number) {
        if (number != 0) {
            COUNTS.computeIfAbsent(name, absent -> new LongAdder()).add(number);
        }
    }

    /** Counts one call of a model on this many inputs. */
    public static void batch(int size) {
        add(BATCHES, 1);
        add(BATCHED, size);
    }

    /** The numbers by name at about this moment. */
    static Map<String, Long> snapshot() {
        Map<String, Long> numbers = new TreeMap<>();
        COUNTS.forEach((name, count) -> numbers.put(name, count.sum()));
        return numbers;
    }
}
