package io.palispark.job;

import com.fasterxml.jackson.databind.JsonNode;
import io.palispark.report.Page;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Tables that several pages of the report show. */
final class ReportTables {

    private ReportTables() {}

    /** Average precision and recall of everything that was measured, a line each. */
    static void headline(Page page, JsonNode measured) {
        List<String> header = new ArrayList<>(List.of("what"));
        header.addAll(CategorySummary.NAMES);
        page.table(header, headline(measured));
    }

    private static List<List<String>> headline(JsonNode measured) {
        Map<String, JsonNode> lines = new LinkedHashMap<>();
        lines.put("boxes", measured.path("boxes").path("scored"));
        lines.put("boxes, every score 1", measured.path("boxes").path("constant_score"));
        lines.put("boxes, perfect tokens", measured.path("codec_ceiling").path("boxes"));
        lines.put("masks", measured.path("masks").path("scored"));
        lines.put("masks, every score 1", measured.path("masks").path("constant_score"));
        lines.put("masks by boundary", measured.path("boundary"));
        lines.put("masks, perfect tokens", measured.path("codec_ceiling").path("masks"));
        List<List<String>> rows = new ArrayList<>();
        lines.forEach((name, numbers) -> {
            if (!numbers.isMissingNode()) {
                List<String> row = new ArrayList<>(List.of(name));
                CategorySummary.NAMES.forEach(number -> row.add(shown(numbers.path(number))));
                rows.add(row);
            }
        });
        return rows;
    }

    static String shown(JsonNode number) {
        return number.isNumber() ? "%.4f".formatted(number.asDouble()) : "n/a";
    }

    /** Named counts as rows. */
    static List<List<String>> counts(JsonNode counts) {
        List<List<String>> rows = new ArrayList<>();
        counts.fields()
                .forEachRemaining(count ->
                        rows.add(List.of(count.getKey(), count.getValue().asText())));
        return rows;
    }

    /** What became of the records of a prepared dataset, and why. */
    static void account(Page page, JsonNode manifest) {
        List<List<String>> kinds = new ArrayList<>();
        manifest.path("counts")
                .fields()
                .forEachRemaining(kind -> kinds.add(List.of(
                        kind.getKey(),
                        kind.getValue().path("input").asText(),
                        kind.getValue().path("written").asText(),
                        kind.getValue().path("rejected").asText(),
                        kind.getValue().path("rejected_by_policy").asText())));
        page.table(List.of("record", "input", "written", "rejected", "of these by policy"), kinds);
        List<List<String>> reasons = new ArrayList<>();
        manifest.path("reasons")
                .forEach(reason -> reasons.add(List.of(
                        reason.path("record").asText(),
                        reason.path("reason").asText(),
                        reason.path("outcome").asText(),
                        reason.path("count").asText())));
        if (!reasons.isEmpty()) {
            page.table(List.of("record", "reason", "outcome", "count"), reasons);
        }
    }

    /** Counts whose names begin with the prefix, by the rest of the name. */
    static Map<String, Long> named(JsonNode counts, String prefix) {
        TreeMap<String, Long> result = new TreeMap<>();
        counts.fields().forEachRemaining(count -> {
            if (count.getKey().startsWith(prefix)) {
                result.put(
                        count.getKey().substring(prefix.length()),
                        count.getValue().asLong());
            }
        });
        return result;
    }
}
