package io.palispark.job;

import io.palispark.dataset.ObjectOrder;
import io.palispark.dataset.RowQuantiles;
import io.palispark.dataset.SplitPlan.Split;
import io.palispark.dataset.Task;
import io.palispark.dataset.TrainingRow;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What is counted of a prepared dataset's rows, as named counts per split that add up over parts. Knows the names, both
 * when counting and when reading.
 *
 * @param perSplit split to name to count
 */
record RowCounts(Map<String, TreeMap<String, Long>> perSplit) {

    /** Width of the bins of the token histogram. */
    static final int TOKEN_BIN = 16;

    private static final int IOU_BINS = 20;
    private static final double IOU_UNIT = 1e-6;
    private static final String ORDERED_ROWS = "ordered";
    private static final String MAPPED = "mapped:";
    private static final String SOURCE = "source:";
    private static final String REPEATED = "repeated:";
    private static final String MASKS = "masks";
    private static final String LOW_MASKS = "masks-low";
    private static final String IOU_SUM = "masks-iou-millionths";

    void row(Split split, TrainingRow row) {
        Task task = row.source().task();
        count(split, "rows", 1);
        count(split, "task:" + Settings.spelling(task), 1);
        count(split, "tokens:%05d".formatted(row.tokens().suffix() / TOKEN_BIN * TOKEN_BIN), 1);
        count(split, "length:%05d".formatted(row.tokens().text()), 1);
        count(split, "suffix:%05d".formatted(row.tokens().suffix()), 1);
        row.source().labels().forEach(label -> count(split, "class:" + label, 1));
        if (task.listsObjects()) {
            int objects = row.source().records().size();
            count(split, "objects:%s:%05d".formatted(Settings.spelling(task), objects), 1);
            if (objects > 1) {
                count(split, ORDERED_ROWS, 1);
                row.source().orders().forEach(order -> count(split, ordered(order), 1));
            }
        }
    }

    /** @param stated the split that the source states, empty where it states none */
    void picture(Split split, String stated) {
        count(split, "images", 1);
        if (!stated.isEmpty()) {
            count(split, "stated:" + stated, 1);
        }
    }

    /** A row of a named source. */
    void fromSource(Split split, String source, int copy) {
        count(split, SOURCE + source, 1);
        if (copy > 0) {
            count(split, REPEATED + source, 1);
        }
    }

    /** Rows of a split that come from a source. */
    long rowsOf(Split split, String source) {
        return perSplit.getOrDefault(split.text(), new TreeMap<>()).getOrDefault(SOURCE + source, 0L);
    }

    /** Rows of a source that repeat another one. */
    long repeatsOf(String source) {
        return sum(REPEATED + source);
    }

    /** An object whose class {@code labels.map} mentions. */
    void mapped(Split split, String label) {
        count(split, MAPPED + label, 1);
    }

    /** Objects of the classes that {@code labels.map} mentions, by the label of the input. */
    TreeMap<String, Long> mappedLabels() {
        return named(MAPPED);
    }

    /** An object whose label cannot be written. */
    void unwritable(Split split, String label) {
        count(split, "unwritable:" + label, 1);
    }

    /** @param minimum IoU below which a mask counts as low */
    void mask(Split split, double iou, double minimum) {
        count(split, MASKS, 1);
        count(split, IOU_SUM, Math.round(iou / IOU_UNIT));
        count(split, "masks-iou:%02d".formatted(Math.min(IOU_BINS - 1, (int) (iou * IOU_BINS))), 1);
        if (iou < minimum) {
            count(split, LOW_MASKS, 1);
        }
    }

    private static String ordered(ObjectOrder order) {
        return ORDERED_ROWS + ":" + Settings.spelling(order);
    }

    private void count(Split split, String name, long records) {
        perSplit.computeIfAbsent(split.text(), absent -> new TreeMap<>()).merge(name, records, Long::sum);
    }

    /** Rows by the tokens of their whole text. */
    RowQuantiles textLengths() {
        return RowQuantiles.of(numbered("length:"));
    }

    /** Rows whose whole text has more tokens. */
    long rowsLongerThan(int tokens) {
        return above(numbered("length:"), tokens);
    }

    /** Rows by the tokens of their suffix. */
    RowQuantiles suffixLengths() {
        return RowQuantiles.of(numbered("suffix:"));
    }

    /** Rows of a task by the number of their objects. */
    RowQuantiles objectsPerRow(Task task) {
        return RowQuantiles.of(numbered("objects:" + Settings.spelling(task) + ":"));
    }

    long rowsWithMoreObjects(Task task, int most) {
        return above(numbered("objects:" + Settings.spelling(task) + ":"), most);
    }

    /** Rows of more than one object. */
    long rowsWithAnOrder() {
        return sum(ORDERED_ROWS);
    }

    long rowsInOrder(ObjectOrder order) {
        return sum(ordered(order));
    }

    /** Objects per class, all splits together. */
    TreeMap<String, Long> objectsPerClass() {
        return named("class:");
    }

    Map<Split, Map<String, Long>> objectsPerSplitAndClass() {
        Map<Split, Map<String, Long>> result = new EnumMap<>(Split.class);
        for (Split split : Split.values()) {
            TreeMap<String, Long> counts = perSplit.get(split.text());
            if (counts != null) {
                result.put(split, new RowCounts(Map.of(split.text(), counts)).objectsPerClass());
            }
        }
        return result;
    }

    /** Labels of all objects, those that cannot be written among them. */
    Set<String> labels() {
        Set<String> labels = new TreeSet<>(objectsPerClass().keySet());
        labels.addAll(named("unwritable:").keySet());
        return labels;
    }

    long measuredMasks() {
        return sum(MASKS);
    }

    long lowMasks() {
        return sum(LOW_MASKS);
    }

    /** Mean IoU of the masks that were measured; 0 without any. */
    double meanMaskIou() {
        long masks = measuredMasks();
        return masks == 0 ? 0 : sum(IOU_SUM) * IOU_UNIT / masks;
    }

    /** Masks by their IoU in bins of 0.05. */
    List<Long> masksByIou() {
        List<Long> bins = new ArrayList<>(java.util.Collections.nCopies(IOU_BINS, 0L));
        numbered("masks-iou:").forEach(bins::set);
        return bins;
    }

    /** Rows to train on. */
    long trainingRows() {
        return perSplit.getOrDefault(Split.TRAIN.text(), new TreeMap<>()).getOrDefault("rows", 0L);
    }

    private static long above(TreeMap<Integer, Long> rows, int number) {
        return rows.tailMap(number, false).values().stream()
                .mapToLong(Long::longValue)
                .sum();
    }

    private long sum(String name) {
        return perSplit.values().stream()
                .mapToLong(counts -> counts.getOrDefault(name, 0L))
                .sum();
    }

    private TreeMap<String, Long> named(String prefix) {
        TreeMap<String, Long> result = new TreeMap<>();
        perSplit.values().stream()
                .flatMap(counts -> counts.tailMap(prefix).entrySet().stream()
                        .takeWhile(count -> count.getKey().startsWith(prefix)))
                .forEach(count -> result.merge(count.getKey().substring(prefix.length()), count.getValue(), Long::sum));
        return result;
    }

    private TreeMap<Integer, Long> numbered(String prefix) {
        TreeMap<Integer, Long> result = new TreeMap<>();
        named(prefix).forEach((number, count) -> result.merge(Integer.parseInt(number), count, Long::sum));
        return result;
    }
}
