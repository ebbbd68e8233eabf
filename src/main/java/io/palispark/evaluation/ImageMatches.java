package io.palispark.evaluation;

import java.io.Serializable;
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
}
