package io.palispark.job;

import com.fasterxml.jackson.databind.JsonNode;
import io.palispark.evaluation.PrecisionRecall;
import io.palispark.report.BarChart;
import io.palispark.report.LineChart;
import io.palispark.report.Page;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The pages without pictures, from the manifests and the metrics. */
final class ReportPages {

    private static final List<String> SIZES = List.of("APs", "APm", "APl");
    private static final String NOTHING_MEASURED = "No metrics were given to this report.";

    private final Optional<JsonNode> dataset;
    private final Optional<JsonNode> predictions;
    private final Optional<JsonNode> metrics;

    /** Manifests of the dataset and the predictions, and metrics.json. */
    ReportPages(Optional<JsonNode> dataset, Optional<JsonNode> predictions, Optional<JsonNode> metrics) {
        this.dataset = dataset;
        this.predictions = predictions;
        this.metrics = metrics;
    }

    Page overview(Page page) {
        boolean standIn = List.of(dataset, predictions).stream()
                .flatMap(Optional::stream)
                .anyMatch(manifest -> manifest.path("weights").path("stand_in").asBoolean());
        if (standIn) {
            page.notice("Made with stand-in weights: these numbers say nothing about PaliGemma.");
        }
        metrics.ifPresent(measured -> page.section("Result").table(headlineHeader(), headline(measured)));
        metrics.ifPresent(measured -> page.table(List.of("metric", "value"), singleNumbers(measured)));
        dataset.ifPresent(manifest -> {
            page.section("What went in, what came out, what was lost");
            account(page, manifest);
        });
        predictions.ifPresent(manifest ->
                page.section("Predictions").table(List.of("what", "count"), counts(manifest.path("counts"))));
        metrics.ifPresent(
                measured -> page.section("Evaluated").table(List.of("what", "count"), counts(measured.path("counts"))));
        return page;
    }

    private static List<String> headlineHeader() {
        List<String> header = new ArrayList<>(List.of(""));
        header.addAll(CategorySummary.NAMES);
        return header;
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

    private static List<List<String>> singleNumbers(JsonNode measured) {
        List<List<String>> rows = new ArrayList<>();
        for (String shapes : List.of("boxes", "masks")) {
            JsonNode node = measured.path(shapes);
            if (!node.isMissingNode()) {
                rows.add(List.of("mean IoU of " + shapes, shown(node.path("mean_iou"))));
                for (String number : List.of("precision", "recall", "f1")) {
                    rows.add(List.of(
                            number + " of " + shapes + " at IoU 0.5",
                            shown(node.path("at_overlap_0.5").path(number))));
                }
            }
        }
        Map<String, List<String>> further = new LinkedHashMap<>();
        further.put("codec_ceiling", List.of("mean_iou"));
        further.put("referring", List.of("miou", "oiou", "boxacc/0.5", "invalid"));
        further.put("counting", List.of("accuracy", "mae"));
        further.put("calibration", List.of("d_ece", "d_mce"));
        further.put("captions", List.of("CIDEr", "BLEU-4", "ROUGE-L"));
        further.put("vqa", List.of("accuracy", "anls"));
        further.forEach((section, numbers) -> numbers.forEach(number -> {
            if (measured.has(section)) {
                rows.add(List.of(
                        section.replace('_', ' ') + ", " + number.replace('_', ' '),
                        shown(measured.path(section).path(number))));
            }
        }));
        return rows;
    }

    private static String shown(JsonNode number) {
        return number.isNumber() ? "%.4f".formatted(number.asDouble()) : "n/a";
    }

    private static List<List<String>> counts(JsonNode counts) {
        List<List<String>> rows = new ArrayList<>();
        counts.fields()
                .forEachRemaining(count ->
                        rows.add(List.of(count.getKey(), count.getValue().asText())));
        return rows;
    }

    private static void account(Page page, JsonNode manifest) {
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

    Page dataset(Page page) {
        if (dataset.isEmpty()) {
            return page.paragraph("No prepared dataset was given to this report.");
        }
        List<List<String>> rows = new ArrayList<>();
        dataset.get()
                .path("splits")
                .fields()
                .forEachRemaining(split -> rows.add(List.of(
                        split.getKey(),
                        split.getValue().path("images").asText("0"),
                        split.getValue().path("rows").asText("0"))));
        page.section("Splits").table(List.of("split", "images", "rows"), rows);
        page.section("Balance");
        dataset.get().path("splits").fields().forEachRemaining(split -> {
            page.chart(new BarChart("Objects per class, " + split.getKey(), named(split.getValue(), "class:")));
            page.chart(new BarChart("Rows per task, " + split.getKey(), named(split.getValue(), "task:")));
            page.chart(new BarChart(
                    "Rows by suffix tokens (bins of 16), " + split.getKey(), named(split.getValue(), "tokens:")));
        });
        page.section("Records");
        account(page, dataset.get());
        return page;
    }

    private static Map<String, Long> named(JsonNode counts, String prefix) {
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

    Page metrics(Page page) {
        if (metrics.isEmpty()) {
            return page.paragraph(NOTHING_MEASURED);
        }
        JsonNode measured = metrics.get();
        page.section("Average precision").table(headlineHeader(), headline(measured));
        page.section("Precision by recall").charts(curves(measured));
        sizes(page, measured);
        if (measured.has("calibration")) {
            page.section("Reliability").charts(List.of(reliability(measured.path("calibration"))));
        }
        if (measured.has("confusion")) {
            page.section("Confusion at box IoU 0.5").heat(ConfusionTable.of(measured.path("confusion")));
        }
        for (String shapes : List.of("boxes", "masks")) {
            if (measured.has(shapes)) {
                page.section("By class: " + shapes).table(labelHeader(), labels(measured.path(shapes)));
            }
        }
        return page;
    }

    private static List<LineChart> curves(JsonNode measured) {
        List<LineChart> charts = new ArrayList<>();
        for (String shapes : List.of("boxes", "masks")) {
            List<LineChart.Curve> curves = new ArrayList<>();
            measured.path(shapes).path("precision_at_recall").fields().forEachRemaining(curve -> {
                List<LineChart.Point> points = new ArrayList<>();
                for (int level = 0; level < curve.getValue().size(); level++) {
                    points.add(new LineChart.Point(
                            PrecisionRecall.level(level),
                            curve.getValue().get(level).asDouble()));
                }
                String name = curve.getKey().equals("mean") ? "mean over 0.5 to 0.95" : "IoU " + curve.getKey();
                curves.add(new LineChart.Curve(name, points));
            });
            if (!curves.isEmpty()) {
                charts.add(new LineChart(
                        "Mean over classes, " + shapes + ".", "recall", "precision", LineChart.Diagonal.NONE, curves));
            }
        }
        return charts;
    }

    private static void sizes(Page page, JsonNode measured) {
        page.section("By size of the annotated object");
        for (String shapes : List.of("boxes", "masks")) {
            Map<String, Long> values = new LinkedHashMap<>();
            for (String size : SIZES) {
                JsonNode value = measured.path(shapes).path("scored").path(size);
                if (value.isNumber()) {
                    values.put(size, Math.round(1000 * value.asDouble()));
                }
            }
            if (!values.isEmpty()) {
                page.chart(new BarChart("Average precision of " + shapes + " in thousandths", values));
            }
        }
    }

    private static LineChart reliability(JsonNode calibration) {
        List<LineChart.Point> points = new ArrayList<>();
        for (JsonNode bin : calibration.path("bins")) {
            if (bin.path("detections").asLong() > 0) {
                points.add(new LineChart.Point(
                        bin.path("confidence").asDouble(), bin.path("precision").asDouble()));
            }
        }
        return new LineChart(
                "How often boxes of a score are right at IoU 0.5; on the diagonal scores are probabilities.",
                "mean score",
                "share that is right",
                LineChart.Diagonal.DRAWN,
                List.of(new LineChart.Curve("boxes", points)));
    }

    private static List<String> labelHeader() {
        return List.of("class", "objects", "detections", "AP", "AP50", "AP75", "AR100", "precision", "recall", "F1");
    }

    private static List<List<String>> labels(JsonNode shapes) {
        List<List<String>> rows = new ArrayList<>();
        for (JsonNode label : shapes.path("labels")) {
            List<String> row = new ArrayList<>(List.of(
                    label.path("label").asText(),
                    label.path("objects").asText(),
                    label.path("detections").asText()));
            List.of("AP", "AP50", "AP75", "AR100", "precision", "recall", "f1")
                    .forEach(number -> row.add(shown(label.path(number))));
            rows.add(row);
        }
        return rows;
    }

    Page run(Page page) {
        run(page, "prepare", dataset);
        run(page, predictions.map(manifest -> manifest.path("job").asText()).orElse("predictions"), predictions);
        run(page, "evaluate", metrics);
        return page;
    }

    private static void run(Page page, String job, Optional<JsonNode> document) {
        if (document.isEmpty()) {
            return;
        }
        JsonNode manifest = document.get();
        page.section(job);
        List<List<String>> facts = new ArrayList<>();
        for (String fact : List.of("started", "seconds", "spark", "java", "application")) {
            facts.add(List.of(fact, manifest.path("run").path(fact).asText()));
        }
        facts.add(List.of("fingerprint", manifest.path("fingerprint").asText()));
        if (manifest.has("weights")) {
            JsonNode weights = manifest.path("weights");
            facts.add(List.of("mask codec", weights.path("name").asText()));
            facts.add(List.of("mask codec sha256", weights.path("sha256").asText()));
            facts.add(List.of("stand-in", weights.path("stand_in").asBoolean() ? "yes" : "no"));
        }
        manifest.path("convention")
                .fields()
                .forEachRemaining(rule -> facts.add(
                        List.of("convention " + rule.getKey(), rule.getValue().asText())));
        page.table(List.of("fact", "value"), facts);
        Map<String, Long> steps = new LinkedHashMap<>();
        manifest.path("run")
                .path("steps")
                .fields()
                .forEachRemaining(step -> steps.put(
                        step.getKey(), Math.round(1000 * step.getValue().asDouble())));
        if (!steps.isEmpty()) {
            page.chart(new BarChart("Milliseconds per step", steps));
        }
        page.preformatted(manifest.path("config").toPrettyString());
    }
}
