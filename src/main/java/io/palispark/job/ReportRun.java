package io.palispark.job;

import com.fasterxml.jackson.databind.JsonNode;
import io.palispark.report.BarChart;
import io.palispark.report.LineChart;
import io.palispark.report.Page;
import io.palispark.spark.Storage;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The page of how the jobs ran: times, versions, weights, convention, configuration.
 *
 * @param storage that holds the shards, whose times tell how work went on
 */
record ReportRun(Storage storage) {

    private static final int LONGEST_TEXT = 120;

    /** @param document a manifest or metrics.json */
    void add(Page page, String job, Optional<String> folder, JsonNode document) throws IOException {
        page.section(job);
        List<List<String>> facts = new ArrayList<>();
        for (String fact : List.of("started", "seconds", "spark", "java", "application")) {
            facts.add(List.of(fact, document.path("run").path(fact).asText()));
        }
        facts.add(List.of("fingerprint", document.path("fingerprint").asText()));
        list(facts, "mask codec", document.path("weights"));
        list(facts, "model", document.path("model"));
        list(facts, "convention", document.path("convention"));
        page.table(List.of("fact", "value"), facts);
        if (folder.isPresent()) {
            throughput(folder.get(), document).ifPresent(chart -> page.charts(List.of(chart)));
        }
        Map<String, Long> steps = new LinkedHashMap<>();
        document.path("run")
                .path("steps")
                .fields()
                .forEachRemaining(step -> steps.put(
                        step.getKey(), Math.round(1000 * step.getValue().asDouble())));
        if (!steps.isEmpty()) {
            page.chart(new BarChart("Milliseconds per step of " + job, steps));
        }
        page.preformatted("Configuration of " + job, document.path("config").toPrettyString());
    }

    private static void list(List<List<String>> facts, String name, JsonNode node) {
        node.fields().forEachRemaining(fact -> {
            JsonNode value = fact.getValue();
            String text = value.isValueNode() ? value.asText() : value.toString();
            facts.add(List.of(
                    name + ", " + fact.getKey().replace('_', ' '),
                    text.length() <= LONGEST_TEXT ? text : text.substring(0, LONGEST_TEXT) + " …"));
        });
    }

    /** Rows over time, by when each shard was last written; empty where the times of the files say nothing. */
    private Optional<LineChart> throughput(String folder, JsonNode manifest) throws IOException {
        String started = manifest.path("run").path("started").asText();
        if (started.isEmpty()) {
            return Optional.empty();
        }
        long start = Instant.parse(started).toEpochMilli();
        double limit = manifest.path("run").path("seconds").asDouble() + 1;
        List<LineChart.Point> ends = new ArrayList<>();
        for (JsonNode shard : manifest.path("shards")) {
            String path = shard.path("path").asText();
            Optional<Storage.Listed> file = storage.find(folder + "/" + path);
            if (file.isPresent() && !path.endsWith(".meta.jsonl")) {
                ends.add(new LineChart.Point(
                        (file.get().modified() - start) / 1000.0,
                        shard.path("rows").asDouble()));
            }
        }
        ends.sort(Comparator.comparingDouble(LineChart.Point::x));
        boolean isOfThisRun = !ends.isEmpty()
                && ends.get(0).x() >= 0
                && ends.get(ends.size() - 1).x() <= limit;
        return isOfThisRun ? Optional.of(chart(ends)) : Optional.empty();
    }

    private static LineChart chart(List<LineChart.Point> ends) {
        List<LineChart.Point> sums = new ArrayList<>(List.of(new LineChart.Point(0, 0)));
        double rows = 0;
        for (LineChart.Point end : ends) {
            rows += end.y();
            sums.add(new LineChart.Point(end.x(), rows));
        }
        double seconds = Math.max(0.1, ends.get(ends.size() - 1).x());
        return new LineChart(
                "Rows written over time, a point for each finished part; %.1f rows a second over all."
                        .formatted(rows / seconds),
                "seconds since the start",
                "rows",
                new LineChart.Extent(seconds, Math.max(1, rows)),
                LineChart.Diagonal.NONE,
                List.of(new LineChart.Curve("rows", sums)));
    }
}
