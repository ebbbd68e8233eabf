package io.palispark.job;

import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;
import org.apache.spark.JobExecutionStatus;
import org.apache.spark.SparkJobInfo;
import org.apache.spark.SparkStageInfo;
import org.apache.spark.api.java.JavaSparkStatusTracker;

/**
 * How far the running step of a job is, on standard error: one line that is written over on a terminal, at most one line
 * a minute elsewhere.
 */
final class ProgressLine implements AutoCloseable {

    private static final Duration ON_TERMINAL = Duration.ofMillis(500);
    private static final Duration ELSEWHERE = Duration.ofMinutes(1);
    private static final String ERASE_LINE = "\r\u001b[K";

    private final JavaSparkStatusTracker tracker;
    private final String group;
    private final Supplier<String> pace;
    private final PrintStream target;
    private final Surface surface;
    private final Thread writer;
    private volatile Step step;

    /** Where the line goes. */
    enum Surface {
        TERMINAL,
        LOG;

        static Surface ofStandardError() {
            return System.console() == null ? LOG : TERMINAL;
        }
    }

    private record Step(String name, Instant started) {}

    /** @param pace how fast the work itself goes, asked whenever a line is written */
    ProgressLine(
            JavaSparkStatusTracker tracker, String group, Supplier<String> pace, PrintStream target, Surface surface) {
        this.pace = pace;
        this.tracker = tracker;
        this.group = group;
        this.target = target;
        this.surface = surface;
        this.writer = new Thread(this::write, "palispark-progress");
        writer.setDaemon(true);
        writer.start();
    }

    void step(String name) {
        step = new Step(name, Instant.now());
    }

    @Override
    public void close() {
        writer.interrupt();
        if (surface == Surface.TERMINAL) {
            target.print(ERASE_LINE);
            target.flush();
        }
    }

    private void write() {
        Duration pause = surface == Surface.TERMINAL ? ON_TERMINAL : ELSEWHERE;
        try {
            while (true) {
                Thread.sleep(pause.toMillis());
                Step running = step;
                if (running != null) {
                    String text = text(running);
                    target.print(surface == Surface.TERMINAL ? ERASE_LINE + text : text + "\n");
                    target.flush();
                }
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    private String text(Step running) {
        int done = 0;
        int all = 0;
        for (int job : tracker.getJobIdsForGroup(group)) {
            SparkJobInfo info = tracker.getJobInfo(job);
            if (info == null || info.status() != JobExecutionStatus.RUNNING) {
                continue;
            }
            for (int stage : info.stageIds()) {
                SparkStageInfo stageInfo = tracker.getStageInfo(stage);
                done += stageInfo == null ? 0 : stageInfo.numCompletedTasks();
                all += stageInfo == null ? 0 : stageInfo.numTasks();
            }
        }
        return text(running.name(), done, all, Duration.between(running.started(), Instant.now()), pace.get());
    }

    /**
     * @param all parts of the step, 0 while nothing is known of them
     * @param pace what is said of the work itself; empty for nothing
     */
    static String text(String step, int done, int all, Duration spent, String pace) {
        String line = step + " · " + clock(spent);
        if (all > 0) {
            line += " · " + done + " of " + all + " parts";
        }
        if (!pace.isEmpty()) {
            line += " · " + pace;
        }
        if (done > 0 && done < all) {
            line += " · about " + clock(spent.multipliedBy(all - done).dividedBy(done)) + " left";
        }
        return line;
    }

    private static String clock(Duration duration) {
        return "%d:%02d:%02d".formatted(duration.toHours(), duration.toMinutesPart(), duration.toSecondsPart());
    }
}
