package io.palispark.spark;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.TaskCompletionListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which pictures tasks read last, as a picture may end the process that decodes it. Only a task that is tried again writes
 * it down, before each picture, and removes its notes when it ends: those that stay are of processes that ended. The first
 * try of a task writes nothing.
 */
public final class ReadingNotes {

    private static final Logger LOG = LoggerFactory.getLogger(ReadingNotes.class);

    /** Local property that tells tasks where to write. */
    private static final String FOLDER = "palispark.reading-notes";

    private static final ReadingNotes NONE = new ReadingNotes(null, "", Set.of());

    /** Notes of the tasks that run in this process, by task attempt. */
    private static final Map<Long, Set<String>> WRITTEN = new ConcurrentHashMap<>();

    private final Storage storage;
    private final String path;
    private final Set<String> written;

    private ReadingNotes(Storage storage, String path, Set<String> written) {
        this.storage = storage;
        this.path = path;
        this.written = written;
    }

    /** Asks the jobs that this thread starts for notes; those of an earlier run go. */
    public static void begin(JavaSparkContext spark, CommittedFolder output) throws IOException {
        for (Storage.Listed note : output.readingNotes()) {
            output.storage().deleteFile(note.path());
        }
        spark.setLocalProperty(FOLDER, output.root() + "/" + CommittedFolder.READING);
    }

    /** Ends what {@link #begin} began. */
    public static void end(JavaSparkContext spark) {
        spark.setLocalProperty(FOLDER, null);
    }

    /** How many processes ended after they had begun to read a picture, by its name. */
    public static Map<String, Integer> left(CommittedFolder output) throws IOException {
        Map<String, Integer> times = new TreeMap<>();
        for (Storage.Listed note : output.readingNotes()) {
            times.merge(new String(output.storage().read(note.path()), StandardCharsets.UTF_8), 1, Integer::sum);
        }
        return times;
    }

    /** To be called by the task's own thread; its other threads may use what it gives. */
    public static ReadingNotes ofTask(Storage storage) {
        TaskContext task = TaskContext.get();
        if (task == null || (task.attemptNumber() == 0 && task.stageAttemptNumber() == 0)) {
            return NONE;
        }
        String folder = task.getLocalProperty(FOLDER);
        if (folder == null) {
            return NONE;
        }
        long attempt = task.taskAttemptId();
        Set<String> written = WRITTEN.computeIfAbsent(attempt, first -> {
            TaskCompletionListener listener = ended -> remove(storage, WRITTEN.remove(attempt));
            task.addTaskCompletionListener(listener);
            return ConcurrentHashMap.newKeySet();
        });
        return new ReadingNotes(storage, folder + attempt, written);
    }

    private static void remove(Storage storage, Set<String> notes) {
        for (String note : notes) {
            try {
                storage.deleteFile(note);
            } catch (IOException unwritable) {
                LOG.warn("A note of what was read stays behind: {}", unwritable.getMessage());
            }
        }
    }

    /** Writes down that this thread begins to read a picture; without notes nothing happens. */
    public void reading(String picture) {
        if (storage == null) {
            return;
        }
        String note = path + "-" + Thread.currentThread().getId();
        written.add(note);
        try {
            storage.write(note, picture.getBytes(StandardCharsets.UTF_8));
        } catch (IOException unwritable) {
            LOG.warn("Reading {}, which could not be written down: {}", picture, unwritable.getMessage());
        }
    }
}
