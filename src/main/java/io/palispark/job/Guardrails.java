package io.palispark.job;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.palispark.annotation.AnnotationRecord.RowKind;
import io.palispark.annotation.ReasonCode;
import io.palispark.dataset.CaptionSimilarity;
import io.palispark.dataset.ClassBalance;
import io.palispark.dataset.LabelLint;
import io.palispark.dataset.Ledger;
import io.palispark.dataset.ObjectCapacity;
import io.palispark.dataset.ObjectOrder;
import io.palispark.dataset.RowQuantiles;
import io.palispark.dataset.Task;
import io.palispark.paligemma.PaliGemmaTokenizer;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the fine-tuning primer warns of, measured on a prepared dataset: the {@code guardrails} block of its manifest.
 * Everything in it follows from what was written, so it is the same for the same input.
 */
final class Guardrails {

    /** The primer's example: 256 tokens hold 42 boxes or 11 masks of classes that are a token each. */
    static final int PRIMER_TOKENS = 256;

    static final int PRIMER_BOXES = 42;
    static final int PRIMER_MASKS = 11;

    /** The commonest class may have this many times the objects of the rarest before it is remarked on. */
    private static final double REMARKABLE_IMBALANCE = 10;

    private static final int MOST_REMARKS = 200;

    private final PrepareConfig config;
    private final PreparedTotals totals;
    private final RowCounts counts;
    private final Map<Task, CaptionSimilarity> texts;
    private final List<String> warnings = new ArrayList<>();

    /** @param texts of each task that was found, compared with each other */
    Guardrails(PrepareConfig config, PreparedTotals totals, Map<Task, CaptionSimilarity> texts) {
        this.config = config;
        this.totals = totals;
        this.counts = new RowCounts(totals.statistics());
        this.texts = new EnumMap<>(Task.class);
        this.texts.putAll(texts);
    }

    ObjectNode measure() {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        root.set("tokens", quantiles(counts.textLengths()));
        root.set("objects", objects());
        root.set("order", order());
        root.set("classes", classes());
        root.set("labels", labels());
        if (counts.measuredMasks() > 0) {
            root.set("masks", masks());
        }
        ObjectNode captions = root.putObject("captions");
        texts.forEach((task, similarity) -> captions.set(Settings.spelling(task), captions(task, similarity)));
        ArrayNode sentences = root.putArray("warnings");
        warnings.forEach(sentences::add);
        return root;
    }

    private static ObjectNode quantiles(RowQuantiles lengths) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("rows", lengths.rows())
                .put("median", lengths.median())
                .put("p95", lengths.p95())
                .put("p99", lengths.p99())
                .put("largest", lengths.largest());
    }

    private ObjectNode objects() {
        int budget = config.budget().tokens().tokens();
        long left = leftOutByBudget();
        ObjectNode node = JsonNodeFactory.instance
                .objectNode()
                .put("budget_tokens", budget)
                .put("left_out_by_budget", left);
        if (left > 0) {
            warnings.add("%d objects were left out of rows because budget.tokens = %d has no room for them"
                    .formatted(left, budget));
        }
        for (Task task : List.of(Task.DETECT, Task.SEGMENT)) {
            RowQuantiles perRow = counts.objectsPerRow(task);
            int most = task == Task.DETECT ? PRIMER_BOXES : PRIMER_MASKS;
            if (perRow.rows() > 0) {
                long over = counts.rowsWithMoreObjects(task, most);
                node.set(Settings.spelling(task), quantiles(perRow).put("rows_over_primer_limit", over));
                if (over > 0) {
                    warnings.add(
                            "%d %s rows have more than %d objects, which %d tokens do not hold even where a class is one token"
                                    .formatted(over, Settings.spelling(task), most, PRIMER_TOKENS));
                }
            }
        }
        putCapacity(node, budget);
        return node;
    }

    /** The room of the commonest classes: expressions taken as labels may be as many as rows. */
    private void putCapacity(ObjectNode node, int budget) {
        TreeMap<String, Long> classes = counts.objectsPerClass();
        List<String> commonest = classes.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed().thenComparing(Map.Entry.comparingByKey()))
                .limit(MOST_REMARKS)
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
        PaliGemmaTokenizer tokenizer = PrepareTools.tokenizer(config.budget());
        node.put("capacity_count", classes.size());
        ObjectNode capacity = node.putObject("capacity");
        for (String label : commonest) {
            ObjectCapacity room = ObjectCapacity.of(label, tokenizer::count, config.convention(), budget);
            capacity.putObject(label)
                    .put("box_tokens", room.boxTokens())
                    .put("mask_tokens", room.maskTokens())
                    .put("boxes", room.boxes())
                    .put("masks", room.masks());
        }
    }

    private long leftOutByBudget() {
        return totals.ledger().reasons().stream()
                .filter(reason -> reason.kind() == RowKind.OBJECT && reason.reason() == ReasonCode.BUDGET_EXCEEDED)
                .mapToLong(Ledger.ReasonCount::count)
                .sum();
    }

    private ObjectNode order() {
        long rows = counts.rowsWithAnOrder();
        ObjectNode node = JsonNodeFactory.instance.objectNode().put("rows", rows);
        double most = 0;
        for (ObjectOrder order : List.of(ObjectOrder.RASTER, ObjectOrder.AREA, ObjectOrder.SOURCE)) {
            double share = rows == 0 ? 0 : (double) counts.rowsInOrder(order) / rows;
            node.put(Settings.spelling(order), rounded(share));
            most = order == ObjectOrder.SOURCE ? most : Math.max(most, share);
        }
        if (rows > 0 && most < 1) {
            warnings.add(
                    "objects stand in no consistent order: %s of the %d rows with several objects follow the commonest one; set order = raster"
                            .formatted(percent(most), rows));
        }
        return node;
    }

    private ObjectNode classes() {
        ClassBalance balance = ClassBalance.of(counts.objectsPerSplitAndClass());
        ObjectNode node = JsonNodeFactory.instance
                .objectNode()
                .put("objects", balance.objects())
                .put("classes", balance.classes())
                .put("most", balance.most())
                .put("fewest", balance.fewest())
                .put("imbalance", rounded(balance.imbalance()))
                .put("evenness", rounded(balance.evenness()));
        named(node, "rare", balance.rare());
        named(node, "unlearned", balance.unlearned());
        if (balance.imbalance() > REMARKABLE_IMBALANCE) {
            warnings.add("classes are out of balance: the commonest has %.1f times the objects of the rarest"
                    .formatted(balance.imbalance()));
        }
        if (!balance.rare().isEmpty()) {
            warnings.add("%d classes have fewer than %d objects to learn from"
                    .formatted(balance.rare().size(), ClassBalance.RARE));
        }
        if (!balance.unlearned().isEmpty()) {
            warnings.add("%d classes are in validation or test and not in train"
                    .formatted(balance.unlearned().size()));
        }
        return node;
    }

    private static void named(ObjectNode node, String name, List<String> labels) {
        ArrayNode array = node.putArray(name);
        labels.stream().limit(MOST_REMARKS).forEach(array::add);
        node.put(name + "_count", labels.size());
    }

    private ObjectNode labels() {
        List<LabelLint.Remark> remarks = LabelLint.of(counts.labels()).remarks();
        ObjectNode node = JsonNodeFactory.instance.objectNode().put("remarks_count", remarks.size());
        ArrayNode array = node.putArray("remarks");
        for (LabelLint.Remark remark : remarks.subList(0, Math.min(MOST_REMARKS, remarks.size()))) {
            array.addObject()
                    .put("label", remark.label())
                    .put("remark", Settings.spelling(remark.kind()))
                    .put("other", remark.other());
        }
        if (!remarks.isEmpty()) {
            warnings.add("%d remarks on class names, the first: '%s' %s %s"
                    .formatted(
                            remarks.size(),
                            remarks.get(0).label(),
                            Settings.spelling(remarks.get(0).kind()),
                            remarks.get(0).other())
                    .strip());
        }
        return node;
    }

    private ObjectNode masks() {
        ObjectNode node = JsonNodeFactory.instance
                .objectNode()
                .put("measured", counts.measuredMasks())
                .put("mean_iou", rounded(counts.meanMaskIou()))
                .put("minimum_iou", config.codec().minimumIou())
                .put("below_minimum", counts.lowMasks());
        ArrayNode histogram = node.putArray("histogram");
        counts.masksByIou().forEach(histogram::add);
        if (counts.lowMasks() > 0) {
            warnings.add("%d of %d masks come back from their tokens with an IoU below codec.minimum-iou = %s"
                    .formatted(
                            counts.lowMasks(),
                            counts.measuredMasks(),
                            config.codec().minimumIou()));
        }
        return node;
    }

    private ObjectNode captions(Task task, CaptionSimilarity similarity) {
        ObjectNode node = JsonNodeFactory.instance
                .objectNode()
                .put("texts", similarity.captions())
                .put("compared", similarity.compared())
                .put("repeated", similarity.repeated())
                .put("mean_share", rounded(similarity.meanShare()))
                .put("common_share", rounded(similarity.commonShare()))
                .put("largely_similar_pairs", rounded(similarity.largelySimilarPairs()));
        named(node, "common_words", similarity.commonWords());
        ArrayNode histogram = node.putArray("histogram");
        similarity.histogram().forEach(histogram::add);
        ArrayNode worst = node.putArray("worst");
        for (CaptionSimilarity.Pair pair : similarity.worst()) {
            ObjectNode entry = worst.addObject().put("share", rounded(pair.share()));
            entry.putArray("texts").add(pair.first().text()).add(pair.second().text());
            entry.putArray("images").add(pair.first().image()).add(pair.second().image());
        }
        if (similarity.commonShare() >= CaptionSimilarity.LARGELY_SIMILAR
                || similarity.meanShare() >= CaptionSimilarity.LARGELY_SIMILAR) {
            warnings.add(
                    "%s texts are largely the same: %s of a text's words stand in nine of ten texts, and two texts share %s on average; the loss hardly sees the words that differ"
                            .formatted(
                                    Settings.spelling(task),
                                    percent(similarity.commonShare()),
                                    percent(similarity.meanShare())));
        }
        return node;
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * share);
    }

    private static double rounded(double value) {
        return Math.rint(value * 1e6) / 1e6;
    }
}
