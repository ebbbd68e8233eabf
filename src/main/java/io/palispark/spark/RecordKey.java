package io.palispark.spark;

import io.palispark.annotation.AnnotationRecord;
import io.palispark.annotation.AnnotationRecord.CaptionRow;
import io.palispark.annotation.AnnotationRecord.FindingRow;
import io.palispark.annotation.AnnotationRecord.ImageRow;
import io.palispark.annotation.AnnotationRecord.ObjectRow;
import io.palispark.annotation.AnnotationRecord.QuestionRow;
import io.palispark.annotation.AnnotationRecord.Totals;
import io.palispark.annotation.Finding;
import io.palispark.dataset.StableHash;
import java.io.Serializable;
import java.util.Comparator;

/**
 * Where a record goes: by a hash of its image id to a part, and there beside the other records of that image in an order
 * that does not depend on how they arrived.
 *
 * @param hash stable hash of the image id
 * @param imageId empty for records about a whole file
 * @param rank kind of the record
 * @param sequence position in its file, 0 where it has none
 * @param tie tells records of equal rank and sequence apart
 */
record RecordKey(long hash, String imageId, int rank, long sequence, String tie)
        implements Serializable, Comparable<RecordKey>, ByImage.Key {

    private static final Comparator<RecordKey> ORDER = Comparator.comparingLong(RecordKey::hash)
            .thenComparing(RecordKey::imageId)
            .thenComparingInt(RecordKey::rank)
            .thenComparingLong(RecordKey::sequence)
            .thenComparing(RecordKey::tie);

    static RecordKey of(AnnotationRecord annotation) {
        String imageId = annotation.imageId();
        long hash = StableHash.of("image", imageId);
        if (annotation instanceof ImageRow image) {
            return new RecordKey(hash, imageId, 0, 0, image.fileName());
        } else if (annotation instanceof ObjectRow object) {
            return new RecordKey(hash, imageId, 1, object.sequence(), object.objectId());
        } else if (annotation instanceof CaptionRow caption) {
            return new RecordKey(hash, imageId, 2, caption.sequence(), caption.captionId());
        } else if (annotation instanceof QuestionRow question) {
            return new RecordKey(hash, imageId, 3, question.sequence(), question.questionId());
        } else if (annotation instanceof FindingRow finding) {
            return new RecordKey(hash, imageId, 4, finding.kind().ordinal(), tie(finding.finding()));
        } else if (annotation instanceof Totals totals) {
            return new RecordKey(hash, imageId, 5, 0, totals.source());
        }
        throw new IllegalStateException("Cannot place a record of " + annotation.getClass());
    }

    private static String tie(Finding finding) {
        return String.join(
                "\n",
                finding.source(),
                finding.image(),
                finding.object(),
                finding.reason().code(),
                finding.detail());
    }

    @Override
    public int part(int parts) {
        return (int) Long.remainderUnsigned(hash, parts);
    }

    @Override
    public int compareTo(RecordKey other) {
        return ORDER.compare(this, other);
    }
}
