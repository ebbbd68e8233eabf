package io.palispark.job;

import com.fasterxml.jackson.databind.JsonNode;
import io.palispark.report.BarChart;
import io.palispark.report.Histogram;
import io.palispark.report.Page;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The page of a prepared dataset: balance, tokens, captions that say too much alike, and what masks lose.
 *
 * @param manifest of the dataset
 * @param audit audit.json, where the masks were audited
 */
record ReportDataset(JsonNode manifest, Optional<JsonNode> audit) {

    /** The primer's limit: 42 boxes of 6 tokens or 11 masks of 22, with the end token. */
    private static final Histogram.Mark PRIMER = new Histogram.Mark(256, "256: 42 boxes or 11 masks (the primer)");

    Page write(Page page) {
        balance(page);
        tokens(page);
        new GuardrailPage(manifest.path(PrepareManifest.GUARDRAILS)).write(page);
        audit.ifPresent(measured -> masks(page, measured));
        page.section("Records");
        ReportTables.account(page, manifest);
        return page;
    }

    private void balance(Page page) {
        List<String> splits = new ArrayList<>();
        List<List<String>> rows = new ArrayList<>();
        TreeMap<String, List<String>> classes = new TreeMap<>();
        manifest.path("splits").fields().forEachRemaining(split -> {
            splits.add(split.getKey());
            rows.add(List.of(
                    split.getKey(),
                    split.getValue().path("images").asText("0"),
                    split.getValue().path("rows").asText("0"),
                    tasks(split.getValue())));
            ReportTables.named(split.getValue(), "class:")
                    .keySet()
                    .forEach(name -> classes.put(name, new ArrayList<>(List.of(name))));
        });
        page.section("Splits").table(List.of("split", "images", "rows", "of these"), rows);
        if (classes.isEmpty()) {
            return;
        }
        TreeMap<String, Long> objects = new TreeMap<>();
        classes.forEach((name, cells) -> {
            for (String split : splits) {
                long count = manifest.path("splits")
                        .path(split)
                        .path("class:" + name)
                        .asLong();
                objects.merge(name, count, Long::sum);
                cells.add(Long.toString(count));
            }
        });
        List<String> header = new ArrayList<>(List.of("class"));
        splits.forEach(split -> header.add("objects in " + split));
        page.section("Classes")
                .chart(new BarChart("Objects per class, all splits", objects))
                .table(header, List.copyOf(classes.values()));
    }

    private static String tasks(JsonNode split) {
        StringBuilder text = new StringBuilder();
        ReportTables.named(split, "task:")
                .forEach((task, count) -> text.append(text.isEmpty() ? "" : ", ")
                        .append(count)
                        .append(' ')
                        .append(task));
        return text.toString();
    }

    private void tokens(Page page) {
        TreeMap<Integer, Long> bins = new TreeMap<>();
        manifest.path("splits")
                .forEach(split -> ReportTables.named(split, "tokens:")
                        .forEach((from, rows) ->
                                bins.merge(Integer.parseInt(from) / RowCounts.TOKEN_BIN, rows, Long::sum)));
        if (bins.isEmpty()) {
            return;
        }
        List<Long> counts = new ArrayList<>(Collections.nCopies(bins.lastKey() + 1, 0L));
        bins.forEach(counts::set);
        List<Histogram.Mark> marks = new ArrayList<>(List.of(PRIMER));
        JsonNode budget = manifest.path("config").path("budget").path("tokens");
        if (budget.isNumber()) {
            marks.add(new Histogram.Mark(budget.asDouble(), "budget: " + budget.asText()));
        }
        page.section("Tokens per row against the budget")
                .histogram(new Histogram(
                        "Rows by tokens of their suffix, end token included, in bins of " + RowCounts.TOKEN_BIN,
                        "tokens",
                        RowCounts.TOKEN_BIN,
                        counts,
                        marks));
    }

    private static void masks(Page page, JsonNode audit) {
        List<List<String>> table = new ArrayList<>();
        for (JsonNode group : audit.path("groups")) {
            table.add(List.of(
                    group.path("name").asText(),
                    group.path("objects").asText(),
                    ReportTables.shown(group.path("iou_floored")),
                    ReportTables.shown(group.path("iou_rounded")),
                    ReportTables.shown(group.path("iou_rounded_p10")),
                    ReportTables.shown(group.path("box_iou"))));
        }
        page.section("What the tokens lose of masks")
                .table(
                        List.of(
                                "objects",
                                "count",
                                "IoU, official paste",
                                "IoU, rounded paste",
                                "10th percentile",
                                "IoU of boxes"),
                        table);
        for (String size : List.of("small", "medium", "large")) {
            List<AuditedObject> objects = AuditExamples.read(audit, size);
            if (!objects.isEmpty()) {
                page.section("Largest losses of " + size + " objects: original left, what the tokens give back right")
                        .pictures(AuditExamples.cards(objects));
            }
        }
    }
}
