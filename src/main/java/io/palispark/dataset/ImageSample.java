package io.palispark.dataset;

import io.palispark.annotation.AnnotationRecord.CaptionRow;
import io.palispark.annotation.AnnotationRecord.QuestionRow;
import io.palispark.annotation.Known;
import io.palispark.geometry.ImageSize;
import java.util.List;
import java.util.Set;

/**
 * Everything known about one picture, checked and encoded.
 *
 * @param source the annotation file that named the picture
 * @param imageId its id there
 * @param image its name below the image root, as rows will state it
 * @param size height and width in the frame the trainer sees
 * @param objects in source order
 * @param uncertain classes of which an object was refused: how many there are is not known, nor that there is none
 * @param known which classes without an object may be asked for
 */
public record ImageSample(
        String source,
        String imageId,
        String image,
        ImageSize size,
        List<EncodedObject> objects,
        List<CaptionRow> captions,
        List<QuestionRow> questions,
        Set<String> uncertain,
        Known known) {

    public ImageSample {
        objects = List.copyOf(objects);
        captions = List.copyOf(captions);
        questions = List.copyOf(questions);
        uncertain = Set.copyOf(uncertain);
    }

    /** True when a class without an object here may be asked for as one that is not there. */
    public boolean isAbsent(String label) {
        return !uncertain.contains(label) && known.isAbsent(label);
    }
}
