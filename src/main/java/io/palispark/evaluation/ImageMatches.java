package io.palispark.evaluation;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;

/**
 * What matching found in one image for one category.
 *
 * @param truths how many annotated objects there were to find, one count a size class
 * @param detections one entry a detection, best score first
 */
public record ImageMatches(List<Integer> truths, List<DetectionMatch> detections) implements Serializable {

    public ImageMatches {
        truths = List.copyOf(truths);
        detections = List.copyOf(detections);
    }

    private Object writeReplace() {
        return new Packed(truths.stream().mapToInt(Integer::intValue).toArray(), MatchColumns.of(detections));
    }

    private record Packed(int[] truths, MatchColumns detections) implements Serializable {

        private Object readResolve() {
            return new ImageMatches(
                    Arrays.stream(truths).boxed().toList(), detections.matches().toList());
        }
    }
}
