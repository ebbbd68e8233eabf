package io.palispark.job;

import com.fasterxml.jackson.databind.JsonNode;
import io.palispark.report.Page;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The first page: results, what went in, what came out, what was lost.
 *
 * @param dataset manifest
 * @param predictions manifest
 * @param metrics metrics.json
 */
record ReportOverview(Optional<JsonNode> dataset, Optional<JsonNode> predictions, Optional<JsonNode> metrics) {

    /** Says so where stand-in weights were used. */
    static void warn(Page page, Optional<JsonNode> dataset, Optional<JsonNode> predictions) {
        boolean standIn = Stream.of(dataset, predictions)
                .flatMap(Optional::stream)
                .anyMatch(manifest -> manifest.path("weights").path("stand_in").asBoolean()
                        || manifest.path("model").path("stand_in").asBoolean());
        if (standIn) {
            page.notice("Made with stand-in weights: these numbers say nothing about PaliGemma.");
        }
    }

    Page write(Page page) {
        warn(page, dataset, predictions);
        metrics.ifPresent(measured -> ReportTables.headline(page.section("Result"), measured));
        metrics.ifPresent(measured -> page.table(List.of("metric", "value"), singleNumbers(measured)));
        dataset.ifPresent(manifest -> {
            page.section("What went in, what came out, what was lost");
            ReportTables.account(page, manifest);
        });
        predictions.ifPresent(manifest -> page.section("Predictions")
                .table(List.of("what", "count"), ReportTables.counts(manifest.path("counts"))));
        metrics.ifPresent(measured -> page.section("Evaluated")
                .table(List.of("what", "count"), ReportTables.counts(measured.path("counts"))));
        return page;
    }

    private static List<List<String>> singleNumbers(JsonNode measured) {
        List<List<String>> rows = new ArrayList<>();
        for (String shapes : List.of("boxes", "masks")) {
            JsonNode node = measured.path(shapes);
            if (!node.isMissingNode()) {
                rows.add(List.of("mean IoU of " + shapes, ReportTables.shown(node.path("mean_iou"))));
                for (String number : List.of("precision", "recall", "f1")) {
                    rows.add(List.of(
                            number + " of " + shapes + " at IoU 0.5",
                            ReportTables.shown(node.path("at_overlap_0.5").path(number))));
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
                        ReportTables.shown(measured.path(section).path(number))));
            }
        }));
        return rows;
    }
}
