package io.palispark.spark;

import static org.assertj.core.api.Assertions.assertThat;

import com.codahale.metrics.MetricRegistry;
import java.util.Map;
import org.apache.spark.SparkConf;
import org.apache.spark.api.plugin.DriverPlugin;
import org.apache.spark.api.plugin.ExecutorPlugin;
import org.apache.spark.api.plugin.PluginContext;
import org.apache.spark.resource.ResourceInformation;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A driver and executors of one process, joined without a network. */
class PalisparkPluginTest {

    private final PalisparkPlugin plugin = new PalisparkPlugin();
    private final DriverPlugin driver = plugin.driverPlugin();
    private final MetricRegistry shown = new MetricRegistry();
    private final ExecutorPlugin first = plugin.executorPlugin();
    private final ExecutorPlugin second = plugin.executorPlugin();

    private record Joined(String executorID, MetricRegistry metricRegistry, DriverPlugin driver)
            implements PluginContext {
        @Override
        public SparkConf conf() {
            return new SparkConf();
        }

        @Override
        public String hostname() {
            return "localhost";
        }

        @Override
        public Map<String, ResourceInformation> resources() {
            return Map.of();
        }

        @Override
        public void send(Object message) {
            ask(message);
        }

        @Override
        public Object ask(Object message) {
            try {
                return driver.receive(message);
            } catch (Exception unexpected) {
                throw new IllegalStateException(unexpected);
            }
        }
    }

    @BeforeEach
    void join() {
        driver.init(null, new Joined("driver", shown, driver));
        first.init(new Joined("1", new MetricRegistry(), driver), Map.of());
        first.onTaskSucceeded();
        RunGauges.ofProcess().begin();
    }

    @AfterEach
    void part() {
        first.shutdown();
        second.shutdown();
    }

    private Object value(String name) {
        return shown.getGauges().get(name).getValue();
    }

    @Test
    void theDriverShowsWhatTasksHaveDone() {
        WorkCounters.add(WorkCounters.OBJECTS, 30);
        WorkCounters.add(WorkCounters.QUEUED, 7);
        WorkCounters.batch(10);
        WorkCounters.batch(20);
        first.onTaskSucceeded();

        assertThat(value("objects")).isEqualTo(30L);
        assertThat(value("queue_depth")).isEqualTo(7L);
        assertThat(value("batch_size")).isEqualTo(15.0);
        assertThat(value("images")).isEqualTo(0L);

        WorkCounters.add(WorkCounters.QUEUED, -7);
        WorkCounters.add(WorkCounters.OBJECTS, 20);
        WorkCounters.add(WorkCounters.REJECTS + "box-empty", 2);
        first.onTaskFailed(null);

        assertThat(value("queue_depth")).isEqualTo(0L);
        assertThat(value("rejects.box-empty")).isEqualTo(2L);
        assertThat((Double) value("objects_per_second")).isPositive();
    }

    @Test
    void thePaceIsWhatTheProgressLineSays() {
        WorkCounters.add(WorkCounters.TOKENS, 10);
        first.onTaskSucceeded();
        assertThat(RunGauges.ofProcess().pace()).isEmpty();

        WorkCounters.add(WorkCounters.IMAGES, 1_000_000);
        WorkCounters.add(WorkCounters.TOKENS, 1_000_000);
        WorkCounters.add(WorkCounters.REJECTS + "image-missing", 3);
        first.onTaskSucceeded();

        assertThat(RunGauges.ofProcess().pace()).matches("\\d+ images/s · \\d+ tokens/s · 3 rejected");
    }

    @Test
    void executorsAreAddedUp() {
        second.init(new Joined("2", new MetricRegistry(), driver), Map.of());
        second.onTaskSucceeded();
        RunGauges.ofProcess().begin();

        WorkCounters.add(WorkCounters.IMAGES, 5);
        first.onTaskSucceeded();
        second.onTaskSucceeded();

        // both report the counters of this process
        assertThat(value("images")).isEqualTo(10L);
    }

    @Test
    void publishedCountsReplaceWhatTasksCountedTwice() {
        WorkCounters.add(WorkCounters.ROWS, 8);
        first.onTaskSucceeded();
        RunGauges.ofProcess().publish(Map.of(WorkCounters.ROWS, 4L, WorkCounters.REJECTS + "mask-empty", 1L));

        assertThat(value("rows")).isEqualTo(4L);
        assertThat(value("rejects.mask-empty")).isEqualTo(1L);

        RunGauges.ofProcess().begin();

        assertThat(value("rows")).isEqualTo(0L);
        assertThat(value("rejects.mask-empty")).isEqualTo(0L);
    }
}
