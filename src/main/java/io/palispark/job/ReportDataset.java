package io.palispark.job;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.palispark.dataset.CaptionSample;
import io.palispark.dataset.CaptionSimilarity;
import io.palispark.report.BarChart;
import io.palispark.report.Histogram;
import io.palispark.report.Page;
import io.palispark.spark.Storage;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The page of a prepared dataset: balance, tokens, captions that say too much alike, and what masks lose.
 *
 * @param root folder of the dataset
 * @param manifest of the dataset
 * @param audit audit.json, where the masks were audited
 */
record ReportDataset(Storage storage, String root, JsonNode manifest, Optional<JsonNode> audit) {

    /** Width of the bins that {@code prepare} counts suffix tokens in. */
    private static final int TOKENS_PER_BIN = 16;

    /** The primer's limit: 42 boxes of 6 tokens or 11 masks of 22, with the end token. */
    private static final Histogram.Mark PRIMER = new Histogram.Mark(256, "256: 42 boxes or 11 masks (the primer)");

    private static final int COMPARED_CAPTIONS = 2_000;
    private static final int WORST_CAPTIONS = 12;

    Page write(Page page) throws IOException {
        balance(page);
        tokens(page);
        captions(page);
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
                        .forEach((from, rows) -> bins.merge(Integer.parseInt(from) / TOKENS_PER_BIN, rows, Long::sum)));
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
                        "Rows by tokens of their suffix, end token included, in bins of " + TOKENS_PER_BIN,
                        "tokens",
                        TOKENS_PER_BIN,
                        counts,
                        marks));
    }

    private void captions(Page page) throws IOException {
        CaptionSample sample = new CaptionSample(COMPARED_CAPTIONS);
        collect(sample);
        if (sample.seen() < 2) {
            return;
        }
        CaptionSimilarity similarity = CaptionSimilarity.of(sample, WORST_CAPTIONS);
        page.section("How much captions have in common")
                .paragraph(
                        ("A loss that is taken token by token hardly notices the words in which captions differ when most"
                                        + " words are the same. %d of %d captions were compared with each other: two of them share"
                                        + " %.1f %% of their words on average, %.2f %% of all pairs share %.0f %% or more, and %d"
                                        + " captions repeat the text of another.")
                                .formatted(
                                        similarity.compared(),
                                        similarity.captions(),
                                        100 * similarity.meanShare(),
                                        100 * similarity.largelySimilarPairs(),
                                        100 * CaptionSimilarity.LARGELY_SIMILAR,
                                        similarity.repeated()))
                .histogram(new Histogram(
                        "Pairs of captions by the share of words that they have in common",
                        "share of common words",
                        0.1,
                        similarity.histogram(),
                        List.of(new Histogram.Mark(CaptionSimilarity.LARGELY_SIMILAR, "largely similar"))))
                .table(
                        List.of("share", "caption", "picture", "caption", "picture"),
                        similarity.worst().stream()
                                .map(pair -> List.of(
                                        "%.2f".formatted(pair.share()),
                                        pair.first().text(),
                                        pair.first().image(),
                                        pair.second().text(),
                                        pair.second().image()))
                                .toList());
    }

    /** The suffixes of all rows that are asked for with the caption prompt. */
    private void collect(CaptionSample sample) throws IOException {
        JsonNode prompt = manifest.path("config").path("prompt");
        String prefix = prompt.path("caption")
                .asText()
                .replace("{language}", prompt.path("language").asText());
        ObjectMapper json = new ObjectMapper();
        for (JsonNode shard : manifest.path("shards")) {
            String path = shard.path("path").asText();
            if (path.endsWith(".meta.jsonl")) {
                continue;
            }
            try (BufferedReader lines = new BufferedReader(
                    new InputStreamReader(storage.open(root + "/" + path), StandardCharsets.UTF_8))) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    JsonNode row = json.readTree(line);
                    if (row.path("prefix").asText().equals(prefix)) {
                        sample.add(new CaptionSample.Caption(
                                row.path("image").asText(), row.path("suffix").asText()));
                    }
                }
            }
        }
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
