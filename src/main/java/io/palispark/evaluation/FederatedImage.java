package io.palispark.evaluation;

import io.palispark.evaluation.ImageObjects.Labelling;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * One image of a dataset that labels only some categories in each image (LVIS).
 *
 * @param image number whose order breaks ties of score between images
 * @param truths annotated objects by category, in file order
 * @param absent categories that are known not to be there
 * @param partial categories of which only some objects are annotated
 * @param detections all categories together, in file order
 */
public record FederatedImage<S>(
        long image, Map<Long, List<Truth<S>>> truths, Set<Long> absent, Set<Long> partial, List<Labelled<S>> detections)
        implements Serializable {

    /** Most detections of one image over all categories (LVIS challenge rule). */
    public static final int LIMIT = 300;

    /** A detection and its category. */
    public record Labelled<S>(long category, Detection<S> detection) implements Serializable {}

    public FederatedImage {
        truths = Map.copyOf(truths);
        absent = Set.copyOf(absent);
        partial = Set.copyOf(partial);
        detections = List.copyOf(detections);
    }

    /**
     * What is matched in this image, by ascending category. The cut to {@link #LIMIT} comes first, then detections of
     * categories that are neither annotated nor known to be absent are left out (lvis, {@code results.py} and {@code
     * eval.py}).
     */
    public Map<Long, ImageObjects<S>> byCategory() {
        Map<Long, List<Detection<S>>> verified = new TreeMap<>();
        detections.stream()
                .sorted(Comparator.comparingDouble(
                                (Labelled<S> labelled) -> labelled.detection().score())
                        .reversed())
                .limit(LIMIT)
                .filter(labelled -> truths.containsKey(labelled.category()) || absent.contains(labelled.category()))
                .forEach(labelled -> verified.computeIfAbsent(labelled.category(), category -> new ArrayList<>())
                        .add(labelled.detection()));
        Set<Long> categories = new TreeSet<>(truths.keySet());
        categories.addAll(verified.keySet());
        Map<Long, ImageObjects<S>> objects = new TreeMap<>();
        for (long category : categories) {
            objects.put(
                    category,
                    new ImageObjects<>(
                            image,
                            truths.getOrDefault(category, List.of()),
                            verified.getOrDefault(category, List.of()),
                            partial.contains(category) ? Labelling.PARTIAL : Labelling.EXHAUSTIVE));
        }
        return objects;
    }
}
