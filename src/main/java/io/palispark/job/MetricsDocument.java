package io.palispark.job;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.palispark.evaluation.Metric;
import io.palispark.evaluation.OperatingPoint;
import io.palispark.evaluation.Reliability;
import io.palispark.evaluation.ReliabilityBin;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;

/** {@code metrics.json}. A number that cannot be had, as of a size class without objects, is null. */
final class MetricsDocument {

    private static final int FORMAT_VERSION = 1;
    private static final List<String> CURVES = List.of("0.5", "0.75", "mean");

    private final EvaluateConfig config;
    private final Optional<PredictionFolder> folder;
    private final EvaluationTotals totals;
    private final List<CategorySummary> labels;
    private final Map<String, String> frequencies;
    private final Optional<ObjectNode> fit;
    private final ObjectMapper json = new ObjectMapper();
    private final ObjectNode root = json.createObjectNode();

    /**
     * @param folder empty where a results file was evaluated
     * @param frequencies how common each label is in LVIS; empty for other ground truth
     * @param fit of a calibration, empty where none was asked for
     */
    MetricsDocument(
            EvaluateConfig config,
            Optional<PredictionFolder> folder,
            EvaluationTotals totals,
            List<CategorySummary> labels,
            Map<String, String> frequencies,
            Optional<ObjectNode> fit) {
        this.config = config;
        this.folder = folder;
        this.totals = totals;
        this.labels = labels;
        this.frequencies = frequencies;
        this.fit = fit;
    }

    ObjectNode tree() throws IOException {
        root.put("format_version", FORMAT_VERSION).put("kind", "metrics");
        root.set("config", json.readTree(config.canonicalJson()));
        root.put("predictions", config.predictions());
        folder.ifPresent(this::describe);
        root.set("counts", json.valueToTree(totals.counts()));
        if (hasTruths(DetectionVariant.BOX)) {
            shapes("boxes", DetectionVariant.BOX, DetectionVariant.BOX_CONSTANT, totals.boxes(), totals.boxOverlap());
            counting();
            calibration();
            confusion();
        }
        if (hasTruths(DetectionVariant.MASK) && totals.counts().containsKey("detections with a mask")) {
            shapes(
                    "masks",
                    DetectionVariant.MASK,
                    DetectionVariant.MASK_CONSTANT,
                    totals.masks(),
                    totals.maskOverlap());
        }
        if (hasTruths(DetectionVariant.BOUNDARY)) {
            putNumbers(root.putObject("boundary"), CategorySummary.means(of(DetectionVariant.BOUNDARY)));
        }
        ceiling();
        federated("boxes", DetectionVariant.FEDERATED_BOX);
        federated("masks", DetectionVariant.FEDERATED_MASK);
        words();
        return root;
    }

    private void describe(PredictionFolder predictions) {
        root.put("fingerprint", predictions.manifest().path("fingerprint").asText());
        root.set("convention", predictions.manifest().path("convention"));
        root.set("weights", predictions.manifest().path("weights"));
    }

    private boolean hasTruths(DetectionVariant variant) {
        return of(variant).stream().anyMatch(label -> label.objects() > 0);
    }

    private List<CategorySummary> of(DetectionVariant variant) {
        return labels.stream().filter(label -> label.variant() == variant).toList();
    }

    private void shapes(
            String name,
            DetectionVariant scored,
            DetectionVariant constant,
            TreeMap<String, OperatingPoint> points,
            ImageOutcome.Mean overlap) {
        ObjectNode shapes = root.putObject(name);
        putNumbers(shapes.putObject("scored"), CategorySummary.means(of(scored)));
        putNumbers(shapes.putObject("constant_score"), CategorySummary.means(of(constant)));
        putPoint(
                shapes.putObject("at_overlap_0.5"),
                points.values().stream().reduce(OperatingPoint.NONE, OperatingPoint::plus));
        putNumber(shapes, "mean_iou", overlap.value());
        ArrayNode each = shapes.putArray("labels");
        for (CategorySummary label : of(scored)) {
            ObjectNode node = each.addObject()
                    .put("label", label.label())
                    .put("objects", label.objects())
                    .put("detections", label.detections());
            putNumbers(node, label.numbers());
            putPoint(node, points.getOrDefault(label.label(), OperatingPoint.NONE));
            putCurves(node.putObject("precision_at_recall"), label.curves());
        }
        List<double[]> means = new ArrayList<>();
        for (int curve = 0; curve < CURVES.size(); curve++) {
            means.add(CategorySummary.meanCurve(of(scored), curve));
        }
        putCurves(shapes.putObject("precision_at_recall"), means);
    }

    /** LVIS' thirteen numbers, and each label's; a label that nothing verifies has no line. */
    private void federated(String name, DetectionVariant variant) {
        if (!hasTruths(variant)) {
            return;
        }
        ObjectNode shapes = root.withObject("/federated").putObject(name);
        putNumbers(shapes, CategorySummary.means(of(variant)), CategorySummary.FEDERATED_NAMES);
        for (String frequency : List.of("r", "c", "f")) {
            List<CategorySummary> such = of(variant).stream()
                    .filter(label -> frequency.equals(frequencies.get(label.label())))
                    .toList();
            putNumber(shapes, "AP" + frequency, CategorySummary.means(such)[0]);
        }
        ArrayNode each = shapes.putArray("labels");
        for (CategorySummary label : of(variant)) {
            ObjectNode node = each.addObject()
                    .put("label", label.label())
                    .put("frequency", frequencies.get(label.label()))
                    .put("objects", label.objects())
                    .put("detections", label.detections());
            putNumbers(node, label.numbers(), CategorySummary.FEDERATED_NAMES);
        }
    }

    private static void putCurves(ObjectNode node, List<double[]> curves) {
        for (int curve = 0; curve < curves.size(); curve++) {
            ArrayNode levels = node.putArray(CURVES.get(curve));
            for (double precision : curves.get(curve)) {
                levels.add(precision);
            }
        }
    }

    private static void putNumbers(ObjectNode node, double[] numbers) {
        putNumbers(node, numbers, CategorySummary.NAMES);
    }

    private static void putNumbers(ObjectNode node, double[] numbers, List<String> names) {
        for (int number = 0; number < numbers.length; number++) {
            putNumber(node, names.get(number), numbers[number]);
        }
    }

    /** A value that is not a number is null. */
    static void putNumber(ObjectNode node, String name, double value) {
        if (Double.isNaN(value)) {
            node.putNull(name);
        } else {
            node.put(name, value);
        }
    }

    private static void putPoint(ObjectNode node, OperatingPoint point) {
        node.put("right", point.right()).put("wrong", point.wrong()).put("missed", point.missed());
        putOptional(node, "precision", point.precision());
        putOptional(node, "recall", point.recall());
        putOptional(node, "f1", point.f1());
    }

    private static void putOptional(ObjectNode node, String name, OptionalDouble value) {
        putNumber(node, name, value.orElse(Double.NaN));
    }

    private static void putMetrics(ObjectNode node, List<Metric> metrics) {
        metrics.forEach(metric -> putOptional(node, metric.name(), metric.value()));
    }

    private void counting() {
        putMetrics(
                root.putObject("counting").put("counts", totals.counting().questions()),
                totals.counting().metrics());
    }

    private void calibration() {
        int bins = config.metrics().calibrationBins();
        List<ReliabilityBin> sums = new ArrayList<>();
        for (int bin = 0; bin < bins; bin++) {
            ReliabilityBin sum = new ReliabilityBin(0, 0, 0);
            for (CategorySummary label : of(DetectionVariant.BOX)) {
                ReliabilityBin part = label.reliability().get(bin);
                sum = new ReliabilityBin(
                        sum.samples() + part.samples(),
                        sum.matched() + part.matched(),
                        sum.confidence() + part.confidence());
            }
            sums.add(sum);
        }
        ObjectNode node = root.putObject("calibration");
        putReliability(node, Reliability.ofConfidence(sums));
        fit.ifPresent(fitted -> node.set("fit", fitted));
    }

    /** Three calibration errors and the curve that they are of. */
    static void putReliability(ObjectNode node, Reliability reliability) {
        putOptional(node, "d_ece", reliability.expectedError(1));
        putOptional(node, "d_ace", reliability.averageError(1));
        putOptional(node, "d_mce", reliability.maximumError(1));
        ArrayNode curve = node.putArray("bins");
        List<ReliabilityBin> bins = reliability.curve();
        for (int bin = 0; bin < bins.size(); bin++) {
            ReliabilityBin sum = bins.get(bin);
            ObjectNode entry = curve.addObject()
                    .put("from", (double) bin / bins.size())
                    .put("to", (bin + 1.0) / bins.size())
                    .put("detections", sum.samples());
            putNumber(entry, "precision", sum.precision());
            putNumber(entry, "confidence", sum.meanConfidence());
        }
    }

    private void confusion() {
        ArrayNode rows = root.putArray("confusion");
        for (Map.Entry<String, TreeMap<String, Long>> truth : totals.confusion().entrySet()) {
            truth.getValue()
                    .forEach((detected, count) -> rows.addObject()
                            .put("annotated", truth.getKey())
                            .put("detected", detected)
                            .put("count", count));
        }
    }

    private void ceiling() {
        if (totals.ceiling().count() == 0) {
            return;
        }
        ObjectNode node =
                root.putObject("codec_ceiling").put("objects", totals.ceiling().count());
        putNumber(node, "mean_iou", totals.ceiling().value());
        putNumbers(node.putObject("boxes"), CategorySummary.means(of(DetectionVariant.CEILING_BOX)));
        putNumbers(node.putObject("masks"), CategorySummary.means(of(DetectionVariant.CEILING_MASK)));
    }

    private void words() {
        if (totals.referring().total() > 0) {
            putMetrics(
                    root.putObject("referring")
                            .put("expressions", totals.referring().total()),
                    totals.referring().metrics());
        }
        if (totals.hasCaptions()) {
            EvaluationTotals.CaptionScores scores = totals.captionScores();
            ObjectNode node = root.putObject("captions").put("captions", scores.captions());
            node.put("CIDEr", scores.cider());
            for (int n = 0; n < scores.bleu().size(); n++) {
                node.put("BLEU-" + (n + 1), scores.bleu().get(n));
            }
            node.put("ROUGE-L", scores.rougeL());
        }
        if (totals.vqaOfficial().count() > 0) {
            root.putObject("vqa")
                    .put("questions", totals.vqaOfficial().count())
                    .put("accuracy", totals.vqaOfficial().value())
                    .put("accuracy_big_vision", totals.vqaBigVision().value())
                    .put("anls", totals.anls().value());
        }
    }
}
