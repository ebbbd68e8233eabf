package io.palispark.job;

import io.palispark.annotation.Known;
import io.palispark.evaluation.Detection;
import io.palispark.evaluation.DetectionProtocol;
import io.palispark.evaluation.FederatedImage;
import io.palispark.evaluation.FederatedImage.Labelled;
import io.palispark.evaluation.ImageMatches;
import io.palispark.evaluation.Matching;
import io.palispark.evaluation.Overlap;
import io.palispark.evaluation.Truth;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Matches one image of which only some classes are verified, as LVIS' evaluator does: detections of others are left out,
 * and where a class is annotated in part, those that match nothing count neither way.
 */
final class FederatedMatching<S> {

    private static final Matching MATCHING = new Matching(DetectionProtocol.LVIS);

    private final long image;
    private final Map<String, Long> numbers = new HashMap<>();
    private final Map<Long, String> labels = new HashMap<>();
    private final Map<Long, List<Truth<S>>> truths = new HashMap<>();
    private final List<Labelled<S>> detections = new ArrayList<>();

    FederatedMatching(long image) {
        this.image = image;
    }

    void truth(String label, Truth<S> truth) {
        truths.computeIfAbsent(number(label), absent -> new ArrayList<>()).add(truth);
    }

    /** Adds a detection; those of all classes come in the order of the predictions, which decides between equal scores. */
    void detection(String label, Detection<S> detection) {
        detections.add(new Labelled<>(number(label), detection));
    }

    /** What was matched, by label. */
    TreeMap<String, ImageMatches> matches(Known known, Overlap<S> overlap) {
        TreeMap<String, ImageMatches> matches = new TreeMap<>();
        new FederatedImage<>(image, truths, numbers(known.absent()), numbers(known.partial()), detections)
                .byCategory()
                .forEach((label, objects) -> matches.put(labels.get(label), MATCHING.match(objects, overlap)));
        return matches;
    }

    private Set<Long> numbers(List<String> names) {
        Set<Long> known = new HashSet<>();
        names.forEach(label -> known.add(number(label)));
        return known;
    }

    private long number(String label) {
        return numbers.computeIfAbsent(label, absent -> {
            long number = labels.size();
            labels.put(number, label);
            return number;
        });
    }
}
