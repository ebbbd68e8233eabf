package io.palispark.annotation;

import static org.assertj.core.api.Assertions.assertThat;

import io.palispark.annotation.AnnotationRecord.Totals;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.util.Enumeration;
import java.util.Locale;
import java.util.NoSuchElementException;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** A generated file of {@code -Dscale.megabytes}, never in memory as a whole; opt-in, prints rate and live heap. */
@EnabledIfSystemProperty(named = "scale.megabytes", matches = "\\d+")
class CocoReaderScaleTest {

    private static final int VERTICES = 40;

    @Test
    void readsALargeFileInBoundedMemory() throws IOException {
        long wanted = Long.getLong("scale.megabytes") << 20;
        double generating = 2
                * cpuSeconds(() -> {
                    try (InputStream stream = new Generated(wanted, new AtomicLong()).open()) {
                        stream.transferTo(OutputStream.nullOutputStream());
                    }
                });
        AtomicLong peak = new AtomicLong();
        long before = used();
        Totals[] totals = new Totals[1];
        double all = cpuSeconds(() -> {
            try (AnnotationReader reader = CocoReader.open(new Generated(wanted, peak), ReadLimits.DEFAULT)) {
                while (reader.hasNext()) {
                    totals[0] = reader.next() instanceof Totals last ? last : null;
                }
            }
        });
        long rows = totals[0].objects();
        long held = peak.get() - before;
        System.out.printf(
                Locale.ROOT,
                "%d MB, %d objects: %.1f CPU s for both passes, %.0f MB/s of file; live heap %d MB%n",
                wanted >> 20,
                rows,
                all - generating,
                (wanted >> 20) / (all - generating),
                held >> 20);
        assertThat(rows).isPositive();
        assertThat(held).isLessThan(48L * rows + (32 << 20));
    }

    private interface Work {
        void run() throws IOException;
    }

    private static double cpuSeconds(Work work) throws IOException {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long start = threads.getCurrentThreadCpuTime();
        work.run();
        return (threads.getCurrentThreadCpuTime() - start) / 1e9;
    }

    /** Live heap, after a collection. */
    private static long used() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    /** Annotations before images, as in the worst case for a reader. */
    private record Generated(long wanted, AtomicLong peak) implements AnnotationSource {

        @Override
        public String name() {
            return "generated.json";
        }

        @Override
        public InputStream open() {
            return new SequenceInputStream(new Enumeration<InputStream>() {
                private final Random random = new Random(1);
                private long written;
                private long id;
                private boolean ended;

                @Override
                public boolean hasMoreElements() {
                    return !ended;
                }

                @Override
                public InputStream nextElement() {
                    if (ended) {
                        throw new NoSuchElementException();
                    }
                    StringBuilder text = new StringBuilder(id == 0 ? "{\"annotations\":[" : "");
                    for (int i = 0; i < 500; i++) {
                        append(text);
                    }
                    written += text.length();
                    if (id % 100_000 == 0) {
                        peak.accumulateAndGet(used(), Math::max);
                    }
                    ended = written >= wanted;
                    if (ended) {
                        text.append("],\"images\":[{\"id\":1,\"file_name\":\"a.jpg\",\"height\":480,\"width\":640}],"
                                + "\"categories\":[{\"id\":7,\"name\":\"cat\"}]}");
                    }
                    return new ByteArrayInputStream(text.toString().getBytes(StandardCharsets.UTF_8));
                }

                private void append(StringBuilder text) {
                    text.append(id++ == 0 ? "" : ", ").append("{\"segmentation\": [[");
                    for (int i = 0; i < VERTICES; i++) {
                        text.append(i == 0 ? "" : ", ").append(random.nextInt(64000) / 100.0);
                    }
                    text.append("]], \"area\": ")
                            .append(random.nextInt(90000) / 10.0)
                            .append(", \"iscrowd\": 0");
                    text.append(", \"image_id\": 1, \"bbox\": [");
                    text.append(random.nextInt(60000) / 100.0).append(", ").append(random.nextInt(40000) / 100.0);
                    text.append(", 20.55, 31.2], \"category_id\": 7, \"id\": ")
                            .append(900_100_000_000L + id)
                            .append('}');
                }
            });
        }
    }
}
