package io.palispark.spark;

import java.io.IOException;
import java.io.Serializable;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.spark.SparkContext;
import org.apache.spark.TaskFailedReason;
import org.apache.spark.api.plugin.DriverPlugin;
import org.apache.spark.api.plugin.ExecutorPlugin;
import org.apache.spark.api.plugin.PluginContext;
import org.apache.spark.api.plugin.SparkPlugin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A metrics source of the running job, {@code spark.plugins=io.palispark.spark.PalisparkPlugin}: every executor tells the
 * driver once a second what its tasks have done, and the driver's sinks, such as Spark's Prometheus servlet, show the sums
 * as {@code images}, {@code objects}, {@code rows}, {@code rejects.<reason>}, {@code images_per_second}, {@code
 * objects_per_second}, {@code queue_depth} and {@code batch_size}.
 */
public final class PalisparkPlugin implements SparkPlugin {

    private static final Logger LOG = LoggerFactory.getLogger(PalisparkPlugin.class);

    @Override
    public DriverPlugin driverPlugin() {
        return new OnDriver();
    }

    @Override
    public ExecutorPlugin executorPlugin() {
        return new OnExecutor();
    }

    private record Report(String executor, Map<String, Long> counts) implements Serializable {}

    private static final class OnDriver implements DriverPlugin {
        @Override
        public Map<String, String> init(SparkContext spark, PluginContext context) {
            RunGauges.ofProcess().showIn(context.metricRegistry());
            return Map.of();
        }

        @Override
        public Object receive(Object message) {
            if (message instanceof Report report) {
                RunGauges.ofProcess().report(report.executor(), report.counts());
            }
            return null;
        }
    }

    private static final class OnExecutor implements ExecutorPlugin {

        private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(work -> {
            Thread thread = new Thread(work, "palispark-metrics");
            thread.setDaemon(true);
            return thread;
        });
        private PluginContext context;
        private Map<String, Long> sent = Map.of();

        @Override
        public void init(PluginContext given, Map<String, String> settings) {
            context = given;
            clock.scheduleWithFixedDelay(this::report, 1, 1, TimeUnit.SECONDS);
        }

        @Override
        public void onTaskSucceeded() {
            report();
        }

        @Override
        public void onTaskFailed(TaskFailedReason reason) {
            report();
        }

        @Override
        public void shutdown() {
            clock.shutdownNow();
        }

        private synchronized void report() {
            Map<String, Long> counts = WorkCounters.snapshot();
            if (counts.equals(sent)) {
                return;
            }
            try {
                context.send(new Report(context.executorID(), counts));
                sent = counts;
            } catch (IOException | RuntimeException unreachable) {
                LOG.debug("The driver did not take a report", unreachable);
            }
        }
    }
}
