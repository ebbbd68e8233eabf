package io.palispark.job;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.palispark.spark.RunGauges;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.spark.api.java.JavaSparkContext;
import org.slf4j.MDC;

/**
 * The named steps of a running job: as Spark's pages show them, as the progress line tells them, and as they were timed.
 * Log lines of driver and tasks find the run's id under the key {@value #LOGGED}.
 */
final class JobSteps implements AutoCloseable {

    /** Names the run, for a scheduler that has a name for it; else it is job and Spark application. */
    static final String RUN_ID = "spark.palispark.run-id";

    /** Spark hands local properties that begin like this to the logging of tasks. */
    static final String LOGGED = "mdc.run";

    private final JavaSparkContext spark;
    private final String job;
    private final ProgressLine progress;
    private final String runId;
    private final Instant started = Instant.now();
    private final Map<String, Duration> finished = new LinkedHashMap<>();
    private String running;
    private Instant runningSince;

    /** @param job name of the command */
    JobSteps(JavaSparkContext spark, String job) {
        this.spark = spark;
        this.job = job;
        this.runId = spark.getConf().get(RUN_ID, job + "-" + spark.sc().applicationId());
        MDC.put(LOGGED, runId);
        spark.setLocalProperty(LOGGED, runId);
        RunGauges.ofProcess().begin();
        this.progress = new ProgressLine(
                spark.statusTracker(),
                group(),
                RunGauges.ofProcess()::pace,
                System.err,
                ProgressLine.Surface.ofStandardError());
    }

    /**
     * Begins a step and ends the one before.
     *
     * @param name what a person reads
     * @param detail what it works on
     */
    void begin(String name, String detail) {
        end();
        running = name;
        runningSince = Instant.now();
        spark.setJobGroup(group(), job + ": " + name);
        spark.setJobDescription(job + ": " + name + " (" + Settings.withoutLogin(detail) + ")");
        spark.setCallSite(job + ": " + name);
        progress.step(job + ": " + name);
    }

    /** What differs from run to run, for the block of a manifest that its fingerprint leaves out. */
    ObjectNode runBlock() {
        end();
        ObjectNode block = JsonNodeFactory.instance
                .objectNode()
                .put("id", runId)
                .put("started", started.toString())
                .put("seconds", seconds(Duration.between(started, Instant.now())))
                .put("spark", spark.version())
                .put("java", System.getProperty("java.version"))
                .put("application", spark.sc().applicationId());
        ObjectNode steps = block.putObject("steps");
        finished.forEach((name, spent) -> steps.put(name, seconds(spent)));
        return block;
    }

    @Override
    public void close() {
        progress.close();
        spark.clearJobGroup();
        spark.clearCallSite();
        spark.setLocalProperty(LOGGED, null);
        MDC.remove(LOGGED);
    }

    private void end() {
        if (running != null) {
            finished.merge(running, Duration.between(runningSince, Instant.now()), Duration::plus);
            running = null;
        }
    }

    private String group() {
        return "palispark-" + job;
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }
}
