package io.palispark.spark;

import io.palispark.annotation.AnnotationRecord;
import io.palispark.annotation.AnnotationRecord.ImageRow;
import io.palispark.annotation.AnnotationRecord.RowKind;
import io.palispark.annotation.CheckedObject;
import io.palispark.annotation.Finding;
import io.palispark.annotation.ReasonCode;
import io.palispark.geometry.ImageSize;
import java.util.List;
import java.util.Optional;

/**
 * One record of an annotation file with everything that was found out about it: usable, or rejected by its only
 * rejecting finding. What is to be said of a whole file is a record of kind {@code FILE}.
 *
 * @param imageId the file's id of its image; empty for kind {@code FILE}
 * @param picture empty where the input names no image of that id, and for kind {@code FILE}
 * @param id of the object, caption or question; empty for other kinds
 * @param row as the file states it; empty where the reader rejected it
 * @param object of an object that is not rejected: checked, on the upright picture
 */
public record CheckedRecord(
        RowKind kind,
        String imageId,
        Optional<Picture> picture,
        String id,
        Optional<AnnotationRecord> row,
        Optional<CheckedObject> object,
        List<Finding> findings) {

    public CheckedRecord {
        findings = List.copyOf(findings);
    }

    /** An image of the input and its placement. */
    public record Picture(ImageRow row, PictureFrames.Placement placement) {

        /** As the annotations name it. */
        public String name() {
            return row.fileName();
        }

        /** Of the upright picture; empty where the image is rejected. */
        public Optional<ImageSize> size() {
            return placement.size().map(placement.turn()::apply);
        }

        Optional<ReasonCode> reject() {
            return placement.findings().stream()
                    .filter(finding -> finding.outcome().isReject())
                    .map(Finding::reason)
                    .findFirst();
        }
    }

    /** Why it is left out; empty for a usable record. */
    public Optional<Finding> reject() {
        return findings.stream().filter(finding -> finding.outcome().isReject()).findFirst();
    }
}
