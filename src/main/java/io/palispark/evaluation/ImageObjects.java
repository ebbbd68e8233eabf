package io.palispark.evaluation;

import java.io.Serializable;
import java.util.List;

/**
 * What one image holds of one category: the unit that is matched on its own.
 *
 * @param image number whose order breaks ties of score between images
 * @param truths annotated objects in file order
 * @param detections predicted objects in generation (file) order, which breaks ties of score within the image
 * @param labelling whether an unmatched detection is known to be wrong
 */
public record ImageObjects<S>(long image, List<Truth<S>> truths, List<Detection<S>> detections, Labelling labelling)
        implements Serializable {

    /** How completely the category is annotated in the image. */
    public enum Labelling {
        EXHAUSTIVE,
        /** Objects may lack annotations: an unmatched detection counts neither way (LVIS). */
        PARTIAL
    }

    public ImageObjects {
        truths = List.copyOf(truths);
        detections = List.copyOf(detections);
    }

    /** An image whose objects of the category are all annotated. */
    public static <S> ImageObjects<S> exhaustive(long image, List<Truth<S>> truths, List<Detection<S>> detections) {
        return new ImageObjects<>(image, truths, detections, Labelling.EXHAUSTIVE);
    }
}
