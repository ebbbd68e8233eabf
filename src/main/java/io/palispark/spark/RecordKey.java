package io.palispark.spark;

import io.palispark.annotation.AnnotationRecord;
import io.palispark.annotation.AnnotationRecord.CaptionRow;
import io.palispark.annotation.AnnotationRecord.FindingRow;
import io.palispark.annotation.AnnotationRecord.ImageRow;
import io.palispark.annotation.AnnotationRecord.ObjectRow;
import io.palispark.annotation.AnnotationRecord.QuestionRow;
import io.palispark.annotation.AnnotationRecord.Totals;
import io.palispark.annotation.Finding;
import java.io.Serializable;
import java.util.Comparator;

/**
 * Where a record goes: by a hash of its image to a part, and there beside the other records of that image in an order
 * that does not depend on how they arrived.
 *
 * @param hash stable hash of the image id and the source
 * @param source number of the source in its mixture
 * @param imageId empty for records about a whole file
 * @param file number of the file in its source
 * @param rank kind of the record
 * @param sequence position in its file, 0 where it has none
 * @param tie tells records of equal rank and sequence apart
 */
record RecordKey(long hash, int source, String imageId, int file, int rank, long sequence, String tie)
        implements Serializable, Comparable<RecordKey>, ByImage.Key {

    private static final Comparator<RecordKey> ORDER = Comparator.comparingLong(RecordKey::hash)
            .thenComparingInt(RecordKey::source)
            .thenComparing(RecordKey::imageId)
            .thenComparingInt(RecordKey::rank)
            .thenComparingInt(RecordKey::file)
            .thenComparingLong(RecordKey::sequence)
            .thenComparing(RecordKey::tie);

    static RecordKey of(SourcedRecord sourced) {
        AnnotationRecord annotation = sourced.record();
        long hash = sourced.imageHash();
        if (annotation instanceof ImageRow image) {
            return key(sourced, hash, 0, 0, image.fileName());
        } else if (annotation instanceof ObjectRow object) {
            return key(sourced, hash, 1, object.sequence(), object.objectId());
        } else if (annotation instanceof CaptionRow caption) {
            return key(sourced, hash, 2, caption.sequence(), caption.captionId());
        } else if (annotation instanceof QuestionRow question) {
            return key(sourced, hash, 3, question.sequence(), question.questionId());
        } else if (annotation instanceof FindingRow finding) {
            return key(sourced, hash, 4, finding.kind().ordinal(), tie(finding.finding()));
        } else if (annotation instanceof Totals totals) {
            return key(sourced, hash, 5, 0, totals.source());
        }
        throw new IllegalStateException("Cannot place a record of " + annotation.getClass());
    }

    private static RecordKey key(SourcedRecord sourced, long hash, int rank, long sequence, String tie) {
        return new RecordKey(hash, sourced.source(), sourced.record().imageId(), sourced.file(), rank, sequence, tie);
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
