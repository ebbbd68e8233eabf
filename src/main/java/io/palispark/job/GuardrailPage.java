package io.palispark.job;

import com.fasterxml.jackson.databind.JsonNode;
import io.palispark.dataset.CaptionSimilarity;
import io.palispark.report.Histogram;
import io.palispark.report.Page;
import java.util.ArrayList;
import java.util.List;

/**
 * The guardrails of a prepared dataset as sections of a page.
 *
 * @param guardrails the block of that name in its manifest
 */
record GuardrailPage(JsonNode guardrails) {

    private static final int MOST_CLASSES = 60;

    void write(Page page) {
        if (guardrails.isMissingNode()) {
            return;
        }
        page.section("Guardrails");
        if (guardrails.path("warnings").isEmpty()) {
            page.paragraph("Nothing to warn of.");
        }
        guardrails.path("warnings").forEach(warning -> page.notice(warning.asText()));
        numbers(page);
        room(page);
        labels(page);
        masks(page);
        guardrails.path("captions").fields().forEachRemaining(task -> texts(page, task.getKey(), task.getValue()));
    }

    private void numbers(Page page) {
        List<List<String>> lengths = new ArrayList<>();
        quantiles(lengths, "tokens of a row, prompt included", guardrails.path("tokens"));
        quantiles(lengths, "objects of a detect row", guardrails.path("objects").path("detect"));
        quantiles(
                lengths, "objects of a segment row", guardrails.path("objects").path("segment"));
        page.table(List.of("of", "rows", "median", "95 %", "99 %", "largest"), lengths);
        JsonNode order = guardrails.path("order");
        JsonNode classes = guardrails.path("classes");
        page.table(
                List.of("guardrail", "value"),
                List.of(
                        List.of("rows of several objects", order.path("rows").asText()),
                        List.of("of these in raster order", ReportTables.shown(order.path("raster"))),
                        List.of("of these largest first", ReportTables.shown(order.path("area"))),
                        List.of("classes", classes.path("classes").asText()),
                        List.of(
                                "objects of the commonest class for each of the rarest",
                                ReportTables.shown(classes.path("imbalance"))),
                        List.of("evenness of the classes, 1 is even", ReportTables.shown(classes.path("evenness"))),
                        List.of(
                                "classes with too little to learn from",
                                classes.path("rare_count").asText()),
                        List.of(
                                "classes that training does not see",
                                classes.path("unlearned_count").asText()),
                        List.of(
                                "objects without room in the budget",
                                guardrails
                                        .path("objects")
                                        .path("left_out_by_budget")
                                        .asText())));
    }

    private static void quantiles(List<List<String>> rows, String name, JsonNode quantiles) {
        if (quantiles.path("rows").asLong() > 0) {
            List<String> row = new ArrayList<>(List.of(name));
            for (String field : List.of("rows", "median", "p95", "p99", "largest")) {
                row.add(quantiles.path(field).asText());
            }
            rows.add(row);
        }
    }

    private void room(Page page) {
        JsonNode objects = guardrails.path("objects");
        List<List<String>> rows = new ArrayList<>();
        objects.path("capacity").fields().forEachRemaining(room -> {
            List<String> row = new ArrayList<>(List.of(room.getKey()));
            for (String field : List.of("box_tokens", "mask_tokens", "boxes", "masks")) {
                row.add(room.getValue().path(field).asText());
            }
            rows.add(row);
        });
        if (rows.isEmpty()) {
            return;
        }
        // the fewest first: these classes meet the limit
        rows.sort(java.util.Comparator.comparingInt((List<String> row) -> Integer.parseInt(row.get(4)))
                .thenComparing(row -> row.get(0)));
        page.section("Objects that a row has room for")
                .paragraph(
                        "Within budget.tokens = %s, when all are of one class. The primer counts %d boxes or %d masks in %d tokens. Shown: %d of %d classes."
                                .formatted(
                                        objects.path("budget_tokens").asText(),
                                        Guardrails.PRIMER_BOXES,
                                        Guardrails.PRIMER_MASKS,
                                        Guardrails.PRIMER_TOKENS,
                                        Math.min(MOST_CLASSES, rows.size()),
                                        objects.path("capacity_count").asInt()))
                .table(
                        List.of("class", "tokens of a box", "tokens of a mask", "boxes", "masks"),
                        rows.subList(0, Math.min(MOST_CLASSES, rows.size())));
    }

    private void labels(Page page) {
        List<List<String>> rows = new ArrayList<>();
        guardrails
                .path("labels")
                .path("remarks")
                .forEach(remark -> rows.add(List.of(
                        remark.path("label").asText(),
                        remark.path("remark").asText(),
                        remark.path("other").asText())));
        if (!rows.isEmpty()) {
            page.section("Class names").table(List.of("class", "remark", "beside"), rows);
        }
    }

    private void masks(Page page) {
        JsonNode masks = guardrails.path("masks");
        if (masks.isMissingNode()) {
            return;
        }
        page.section("What masks lose in their tokens")
                .paragraph("%s masks were decoded again: mean IoU with the original %s, %s below %s."
                        .formatted(
                                masks.path("measured").asText(),
                                ReportTables.shown(masks.path("mean_iou")),
                                masks.path("below_minimum").asText(),
                                masks.path("minimum_iou").asText()))
                .histogram(histogram(
                        "Masks by IoU with their original",
                        "IoU",
                        0.05,
                        masks.path("histogram"),
                        new Histogram.Mark(masks.path("minimum_iou").asDouble(), "codec.minimum-iou")));
    }

    private static Histogram histogram(
            String title, String across, double width, JsonNode counts, Histogram.Mark mark) {
        List<Long> bins = new ArrayList<>();
        counts.forEach(count -> bins.add(count.asLong()));
        return new Histogram(title, across, width, bins, List.of(mark));
    }

    private static void texts(Page page, String task, JsonNode texts) {
        page.section("How much %s texts have in common".formatted(task))
                .paragraph(
                        ("A loss that is taken token by token hardly notices the words in which texts differ when most words"
                                        + " are the same. %s of %s texts were compared with each other: two of them share %.1f %% of"
                                        + " their words on average, %.2f %% of all pairs share %.0f %% or more, %.1f %% of a text's words"
                                        + " stand in nine of ten texts, and %s texts repeat another.")
                                .formatted(
                                        texts.path("compared").asText(),
                                        texts.path("texts").asText(),
                                        100 * texts.path("mean_share").asDouble(),
                                        100
                                                * texts.path("largely_similar_pairs")
                                                        .asDouble(),
                                        100 * CaptionSimilarity.LARGELY_SIMILAR,
                                        100 * texts.path("common_share").asDouble(),
                                        texts.path("repeated").asText()))
                .histogram(histogram(
                        "Pairs of texts by the share of words that they have in common",
                        "share of common words",
                        0.1,
                        texts.path("histogram"),
                        new Histogram.Mark(CaptionSimilarity.LARGELY_SIMILAR, "largely similar")));
        List<List<String>> worst = new ArrayList<>();
        texts.path("worst")
                .forEach(pair -> worst.add(List.of(
                        pair.path("share").asText(),
                        pair.path("texts").path(0).asText(),
                        pair.path("images").path(0).asText(),
                        pair.path("texts").path(1).asText(),
                        pair.path("images").path(1).asText())));
        if (!worst.isEmpty()) {
            page.table(List.of("share", "text", "picture", "text", "picture"), worst);
        }
    }
}
