package io.palispark.dataset;

import io.palispark.annotation.AnnotationRecord.CaptionRow;
import io.palispark.annotation.AnnotationRecord.QuestionRow;
import io.palispark.annotation.Known;
import io.palispark.geometry.ImageSize;
import java.util.List;

/**
 * Everything known about one picture, checked and encoded.
 *
 * @param source the annotation file that named the picture
 * @param imageId its id there
 * @param image its name below the image root, as rows will state it
 * @param size height and width in the frame the trainer sees
 * @param objects in source order
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
        Known known) {

    public ImageSample {
        objects = List.copyOf(objects);
        captions = List.copyOf(captions);
        questions = List.copyOf(questions);
    }
}
