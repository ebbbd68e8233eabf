package io.palispark.job;

import io.palispark.annotation.AnnotationRecord;
import io.palispark.annotation.AnnotationRecord.CaptionRow;
import io.palispark.annotation.AnnotationRecord.FindingRow;
import io.palispark.annotation.AnnotationRecord.ImageRow;
import io.palispark.annotation.AnnotationRecord.ObjectRow;
import io.palispark.annotation.AnnotationRecord.QuestionRow;
import io.palispark.annotation.AnnotationRecord.Totals;
import java.util.ArrayList;
import java.util.List;

/**
 * The records of one image id, sorted out by kind.
 *
 * @param images image rows; several when more than one file describes the picture
 * @param totals what files held, on the empty image id only
 */
record PictureRecords(
        String imageId,
        List<ImageRow> images,
        List<ObjectRow> objects,
        List<CaptionRow> captions,
        List<QuestionRow> questions,
        List<FindingRow> findings,
        List<Totals> totals) {

    static PictureRecords of(List<AnnotationRecord> records) {
        PictureRecords picture = new PictureRecords(
                records.get(0).imageId(),
                new ArrayList<>(),
                new ArrayList<>(),
                new ArrayList<>(),
                new ArrayList<>(),
                new ArrayList<>(),
                new ArrayList<>());
        records.forEach(picture::add);
        return picture;
    }

    /**
     * True when files that count their images alike were read together, as exports with a file per split do: one id is
     * then several pictures. The same picture below different folders is one.
     */
    boolean hasSeveralPictures() {
        return images.stream()
                        .map(image ->
                                image.fileName().substring(image.fileName().lastIndexOf('/') + 1))
                        .distinct()
                        .count()
                > 1;
    }

    private void add(AnnotationRecord annotation) {
        if (annotation instanceof ImageRow row) {
            images.add(row);
        } else if (annotation instanceof ObjectRow row) {
            objects.add(row);
        } else if (annotation instanceof CaptionRow row) {
            captions.add(row);
        } else if (annotation instanceof QuestionRow row) {
            questions.add(row);
        } else if (annotation instanceof FindingRow row) {
            findings.add(row);
        } else if (annotation instanceof Totals row) {
            totals.add(row);
        }
    }
}
