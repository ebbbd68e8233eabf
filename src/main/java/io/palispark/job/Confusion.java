package io.palispark.job;

import io.palispark.job.EvaluationItem.Detected;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;

/** Which labels are taken for which: boxes paired whatever their labels, the largest overlap first. */
final class Confusion {

    /** Stands for no object and for no detection. */
    static final String NOTHING = "";

    private Confusion() {}

    private record Pair(int truth, int detection, double overlap) {}

    /** Counts by annotated, then detected label; crowd regions are left out, with the detections that lie in them. */
    static TreeMap<String, TreeMap<String, Long>> of(List<EvaluationItem.Truth> truths, List<Detected> detected) {
        List<Pair> pairs = new ArrayList<>();
        boolean[] excused = new boolean[detected.size()];
        for (int truth = 0; truth < truths.size(); truth++) {
            for (int detection = 0; detection < detected.size(); detection++) {
                EvaluationItem.Truth object = truths.get(truth);
                double overlap = object.crowd()
                        ? detected.get(detection).box().coveredBy(object.box())
                        : detected.get(detection).box().iou(object.box());
                if (overlap >= ImageEvaluation.OVERLAP && object.crowd()) {
                    excused[detection] |=
                            object.label().equals(detected.get(detection).label());
                } else if (overlap >= ImageEvaluation.OVERLAP) {
                    pairs.add(new Pair(truth, detection, overlap));
                }
            }
        }
        pairs.sort(Comparator.comparingDouble((Pair pair) -> -pair.overlap())
                .thenComparingInt(Pair::truth)
                .thenComparingInt(Pair::detection));
        String[] found = new String[truths.size()];
        boolean[] used = new boolean[detected.size()];
        for (Pair pair : pairs) {
            if (found[pair.truth()] == null && !used[pair.detection()]) {
                found[pair.truth()] = detected.get(pair.detection()).label();
                used[pair.detection()] = true;
            }
        }
        TreeMap<String, TreeMap<String, Long>> counts = new TreeMap<>();
        for (int truth = 0; truth < found.length; truth++) {
            if (!truths.get(truth).crowd()) {
                add(counts, truths.get(truth).label(), found[truth] == null ? NOTHING : found[truth]);
            }
        }
        for (int detection = 0; detection < used.length; detection++) {
            if (!used[detection] && !excused[detection]) {
                add(counts, NOTHING, detected.get(detection).label());
            }
        }
        return counts;
    }

    private static void add(TreeMap<String, TreeMap<String, Long>> counts, String truth, String detected) {
        counts.computeIfAbsent(truth, absent -> new TreeMap<>()).merge(detected, 1L, Long::sum);
    }
}
