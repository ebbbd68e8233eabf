package io.palispark.job;

import io.palispark.annotation.Known;
import io.palispark.geometry.Box;
import io.palispark.geometry.ImageSize;
import io.palispark.geometry.RunLengthMask;
import java.io.Serializable;
import java.util.List;
import java.util.Optional;

/** One thing that is known about an image when it is evaluated: from the ground truth or from the predictions. */
sealed interface EvaluationItem extends Serializable {

    /**
     * The image itself, so that one without anything else is counted.
     *
     * @param known what its annotations say about classes without an object
     */
    record Image(String id, String name, Known known) implements EvaluationItem {

        /** Where things belong that belong to no image. */
        static final Image NONE = new Image("", "", Known.EVERYTHING);
    }

    /**
     * An annotated object.
     *
     * @param mask null for one without
     * @param area as annotated, which decides the size class
     */
    record Truth(String label, Box box, RunLengthMask mask, double area, boolean crowd) implements EvaluationItem {

        Optional<RunLengthMask> optionalMask() {
            return Optional.ofNullable(mask);
        }
    }

    record Caption(String text) implements EvaluationItem {}

    record Question(String question, List<String> answers) implements EvaluationItem {}

    /**
     * A predicted object.
     *
     * @param box null in a results file of masks alone, whose mask then bounds it
     * @param mask null for one without
     * @param areaOfMask square pixels that decide the size class of the mask
     */
    record Detected(String label, Box box, RunLengthMask mask, double areaOfMask, double score)
            implements Serializable {

        Optional<RunLengthMask> optionalMask() {
            return Optional.ofNullable(mask);
        }

        /** With the bounds of its mask where it has no box. */
        Detected bounded() {
            return box == null ? new Detected(label, mask.bounds(), mask, areaOfMask, score) : this;
        }
    }

    /**
     * A line of predictions.
     *
     * @param size of the picture as the prediction states it, null when unknown
     * @param failed true where there is no answer
     * @param defects of the answer
     */
    record Answered(
            String prefix, String text, ImageSize size, boolean failed, List<Detected> objects, List<String> defects)
            implements EvaluationItem {}

    /** A row of a COCO results file. */
    record Result(Detected object) implements EvaluationItem {}

    /** Something that no image can be given, or that cannot be used. */
    record Fault(String reason) implements EvaluationItem {}

    /**
     * Where an item belongs.
     *
     * @param image number of its image; {@link #NOWHERE} for faults
     * @param kind ground truth before predictions, in the order of the types above
     * @param prefix of a prediction
     * @param sequence position in its file
     */
    record Key(long image, int kind, String prefix, long sequence) implements Serializable, Comparable<Key> {

        static final long NOWHERE = -1;

        @Override
        public int compareTo(Key other) {
            int order = Long.compare(image, other.image);
            order = order != 0 ? order : Integer.compare(kind, other.kind);
            order = order != 0 ? order : prefix.compareTo(other.prefix);
            return order != 0 ? order : Long.compare(sequence, other.sequence);
        }
    }
}
