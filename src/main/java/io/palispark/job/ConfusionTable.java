package io.palispark.job;

import com.fasterxml.jackson.databind.JsonNode;
import io.palispark.report.HeatTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** The confusion counts of metrics.json as a table: annotated classes down, detected classes across, the busiest of them. */
final class ConfusionTable {

    private static final int MOST_LABELS = 40;

    private ConfusionTable() {}

    static HeatTable of(JsonNode counts) {
        TreeMap<String, Long> busiest = new TreeMap<>();
        for (JsonNode count : counts) {
            for (String side : List.of("annotated", "detected")) {
                busiest.merge(count.path(side).asText(), count.path("count").asLong(), Long::sum);
            }
        }
        busiest.remove(Confusion.NOTHING);
        TreeSet<String> names = new TreeSet<>(busiest.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
                .limit(MOST_LABELS)
                .map(Map.Entry::getKey)
                .toList());
        List<String> labels = new ArrayList<>(names);
        labels.add(Confusion.NOTHING);
        List<List<Long>> table = new ArrayList<>();
        for (String annotated : labels) {
            List<Long> row = new ArrayList<>();
            labels.forEach(detected -> row.add(count(counts, annotated, detected)));
            table.add(row);
        }
        String caption = busiest.size() > MOST_LABELS
                ? "Annotated class by row, detected class by column; the " + MOST_LABELS + " busiest of "
                        + busiest.size() + " classes"
                : "Annotated class by row, detected class by column";
        List<String> rows = new ArrayList<>(names);
        rows.add("nothing there");
        List<String> columns = new ArrayList<>(names);
        columns.add("not detected");
        return new HeatTable(caption, rows, columns, table);
    }

    private static long count(JsonNode counts, String annotated, String detected) {
        for (JsonNode count : counts) {
            if (count.path("annotated").asText().equals(annotated)
                    && count.path("detected").asText().equals(detected)) {
                return count.path("count").asLong();
            }
        }
        return 0;
    }
}
