package io.palispark.job;

import com.fasterxml.jackson.databind.JsonNode;
import io.palispark.evaluation.PrecisionRecall;
import io.palispark.report.LineChart;
import io.palispark.report.Page;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The page of metrics.
 *
 * @param measured metrics.json
 */
record ReportMetrics(JsonNode measured) {

    private static final List<String> FEDERATED = List.of(
            "AP", "AP50", "AP75", "APs", "APm", "APl", "APr", "APc", "APf", "AR@300", "ARs@300", "ARm@300", "ARl@300");
    private static final Map<String, String> SIZES = sizes();

    private static Map<String, String> sizes() {
        Map<String, String> sizes = new LinkedHashMap<>();
        sizes.put("s", "small, below 32 x 32 pixels");
        sizes.put("m", "medium, to 96 x 96 pixels");
        sizes.put("l", "large");
        return sizes;
    }

    Page write(Page page) {
        ReportTables.headline(page.section("Average precision"), measured);
        if (measured.has("federated")) {
            federated(page, measured.path("federated"));
        }
        page.section("Precision by recall").charts(curves(measured));
        sizes(page, measured);
        if (measured.has("calibration")) {
            reliability(page, measured.path("calibration"));
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

    private static void federated(Page page, JsonNode measured) {
        List<String> header = new ArrayList<>(List.of("number"));
        measured.fieldNames().forEachRemaining(header::add);
        List<List<String>> rows = new ArrayList<>();
        for (String number : FEDERATED) {
            List<String> row = new ArrayList<>(List.of(number));
            measured.forEach(shapes -> row.add(ReportTables.shown(shapes.path(number))));
            rows.add(row);
        }
        page.section("Average precision of what each image verifies (LVIS)").table(header, rows);
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
                        "Mean over classes, " + shapes + ".",
                        "recall",
                        "precision",
                        LineChart.UNIT_SQUARE,
                        LineChart.Diagonal.NONE,
                        curves));
            }
        }
        return charts;
    }

    private static void sizes(Page page, JsonNode measured) {
        List<List<String>> rows = new ArrayList<>();
        SIZES.forEach((size, meaning) -> {
            List<String> row = new ArrayList<>(List.of(meaning));
            for (String shapes : List.of("boxes", "masks")) {
                JsonNode numbers = measured.path(shapes).path("scored");
                row.add(ReportTables.shown(numbers.path("AP" + size)));
                row.add(ReportTables.shown(numbers.path("AR" + size)));
            }
            rows.add(row);
        });
        page.section("By size of the annotated object")
                .table(List.of("size", "AP of boxes", "AR of boxes", "AP of masks", "AR of masks"), rows);
    }

    private static void reliability(Page page, JsonNode calibration) {
        JsonNode fit = calibration.path("fit");
        List<LineChart> charts = new ArrayList<>();
        charts.add(reliability(
                "How often boxes of a score are right at IoU 0.5; on the diagonal scores are probabilities."
                        + " The area of a dot is its share of the boxes.",
                List.of(reliable("boxes", calibration))));
        if (fit.has("map")) {
            charts.add(reliability(
                    "The same on the images that the map was not fitted on, before and after it.",
                    List.of(
                            reliable("scores as they are", fit.path("before")),
                            reliable("scores mapped", fit.path("after")))));
        }
        page.section("Reliability").charts(charts);
        if (fit.has("map")) {
            page.section("Calibration: " + fit.path("kind").asText())
                    .table(
                            List.of("part", "images", "detections", "D-ECE before", "D-ECE after"),
                            List.of(
                                    split("fitted on", fit.path("fitted_on"), "", ""),
                                    split(
                                            "held out",
                                            fit.path("held_out"),
                                            ReportTables.shown(
                                                    fit.path("before").path("d_ece")),
                                            ReportTables.shown(fit.path("after").path("d_ece")))));
        }
    }

    private static List<String> split(String name, JsonNode part, String before, String after) {
        return List.of(
                name, part.path("images").asText(), part.path("detections").asText(), before, after);
    }

    private static LineChart reliability(String title, List<LineChart.Curve> curves) {
        return new LineChart(
                title, "mean score", "share that is right", LineChart.UNIT_SQUARE, LineChart.Diagonal.DRAWN, curves);
    }

    private static LineChart.Curve reliable(String name, JsonNode measured) {
        double all = 0;
        for (JsonNode bin : measured.path("bins")) {
            all += bin.path("detections").asLong();
        }
        List<LineChart.Point> points = new ArrayList<>();
        for (JsonNode bin : measured.path("bins")) {
            if (bin.path("detections").asLong() > 0) {
                points.add(new LineChart.Point(
                        bin.path("confidence").asDouble(),
                        bin.path("precision").asDouble(),
                        bin.path("detections").asLong() / all));
            }
        }
        return new LineChart.Curve(name, points);
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
                    .forEach(number -> row.add(ReportTables.shown(label.path(number))));
            rows.add(row);
        }
        return rows;
    }
}
