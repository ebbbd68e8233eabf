package io.palispark.spark;

import io.palispark.annotation.AnnotationInput;
import io.palispark.annotation.AnnotationReader;
import io.palispark.annotation.AnnotationRecord;
import io.palispark.annotation.AnnotationRecord.CaptionRow;
import io.palispark.annotation.AnnotationRecord.FindingRow;
import io.palispark.annotation.AnnotationRecord.ImageRow;
import io.palispark.annotation.AnnotationRecord.ObjectRow;
import io.palispark.annotation.AnnotationRecord.QuestionRow;
import io.palispark.annotation.AnnotationRecord.RowKind;
import io.palispark.annotation.AnnotationRecord.Totals;
import io.palispark.annotation.CheckedObject;
import io.palispark.annotation.Finding;
import io.palispark.annotation.ObjectCheck;
import io.palispark.annotation.Outcome;
import io.palispark.annotation.ReadLimits;
import io.palispark.annotation.ReasonCode;
import io.palispark.spark.CheckedRecord.Picture;
import io.palispark.spark.PictureFrames.Placement;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;

/**
 * The records of one input in file order, each held against its picture by the readers and checks of {@code prepare}:
 * every row that the file holds is one record. Boxes and masks are those of the upright picture. The image rows of the
 * input are held in memory; where they stand behind the objects, the file is read once more for them. One thread at a
 * time.
 */
public final class CheckedRecords implements Iterator<CheckedRecord>, Closeable {

    private final AnnotationInput input;
    private final ReadLimits limits;
    private final PictureFrames pictures;
    private final AnnotationReader reader;
    private final Map<String, Picture> placed = new HashMap<>();
    private final Map<String, ReasonCode> rejectedImages = new HashMap<>();
    private AnnotationRecord ahead;
    private Totals totals = new Totals("", 0, 0, 0, 0);
    private boolean allPlaced;

    /** @throws IOException when the bytes cannot be had; bad content is a record */
    public CheckedRecords(AnnotationInput input, ReadLimits limits, PictureFrames pictures) throws IOException {
        this.input = input;
        this.limits = limits;
        this.pictures = pictures;
        this.reader = input.open(limits);
        advance();
    }

    @Override
    public boolean hasNext() {
        return ahead != null;
    }

    /** @throws UncheckedIOException when the file or a picture can no longer be read */
    @Override
    public CheckedRecord next() {
        if (ahead == null) {
            throw new NoSuchElementException("Cannot read another record: " + input.name() + " has ended");
        }
        AnnotationRecord record = ahead;
        advance();
        try {
            return checked(record);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(
                    "Cannot read the pictures of " + input.name() + ": " + unreadable.getMessage(), unreadable);
        }
    }

    /** What the input held; known behind the last record. */
    public Totals totals() {
        return totals;
    }

    @Override
    public void close() throws IOException {
        reader.close();
    }

    private void advance() {
        ahead = reader.hasNext() ? reader.next() : null;
        if (ahead instanceof Totals sums) {
            totals = sums;
            advance();
        }
    }

    private CheckedRecord checked(AnnotationRecord record) throws IOException {
        if (record instanceof ImageRow row) {
            Picture picture = place(row);
            return complete(
                    RowKind.IMAGE,
                    row,
                    "",
                    Optional.of(picture),
                    picture.placement().findings());
        } else if (record instanceof ObjectRow row) {
            return object(row);
        } else if (record instanceof CaptionRow row) {
            return text(RowKind.CAPTION, row, row.captionId());
        } else if (record instanceof QuestionRow row) {
            return text(RowKind.QUESTION, row, row.questionId());
        } else if (record instanceof FindingRow row) {
            return finding(row);
        }
        throw new IllegalStateException("Cannot check a record of " + record.getClass());
    }

    private CheckedRecord object(ObjectRow row) throws IOException {
        Optional<Picture> picture = picture(row.imageId());
        Optional<Finding> reject = imageReject(row.imageId(), row.objectId(), picture);
        if (reject.isEmpty() && picture.isEmpty()) {
            String detail = "no image of " + input.name() + " has the id " + row.imageId();
            reject = Optional.of(reject(row.imageId(), row.objectId(), ReasonCode.ANNOTATION_ORPHAN, detail));
        }
        if (reject.isPresent()) {
            return complete(RowKind.OBJECT, row, row.objectId(), picture, List.of(reject.get()));
        }
        Placement placement = picture.orElseThrow().placement();
        CheckedObject object =
                ObjectCheck.check(input.name(), row, placement.size().orElseThrow());
        CheckedRecord record = complete(RowKind.OBJECT, row, row.objectId(), picture, object.findings());
        return object.isRejected()
                ? record
                : new CheckedRecord(
                        record.kind(),
                        record.imageId(),
                        picture,
                        record.id(),
                        record.row(),
                        Optional.of(
                                object.turned(placement.turn(), placement.size().get())),
                        record.findings());
    }

    /** Captions and questions need no picture: their files may name none. */
    private CheckedRecord text(RowKind kind, AnnotationRecord row, String id) throws IOException {
        Optional<Picture> picture = picture(row.imageId());
        List<Finding> findings =
                imageReject(row.imageId(), id, picture).map(List::of).orElse(List.of());
        return complete(kind, row, id, picture, findings);
    }

    private CheckedRecord finding(FindingRow row) throws IOException {
        Finding finding = row.finding();
        // without its row there is nothing to keep or to reject
        RowKind kind = finding.outcome().isReject() ? row.kind() : RowKind.FILE;
        Optional<Picture> picture = Optional.empty();
        if (finding.outcome() == Outcome.REJECT_IMAGE) {
            rejectedImages.put(row.imageId(), finding.reason());
        } else if (kind != RowKind.FILE) {
            picture = picture(row.imageId());
        }
        String id = kind == RowKind.FILE || kind == RowKind.IMAGE ? "" : finding.object();
        String imageId = kind == RowKind.FILE ? "" : row.imageId();
        return new CheckedRecord(kind, imageId, picture, id, Optional.empty(), Optional.empty(), List.of(finding));
    }

    /** The record with the repairs and warnings that the reader states behind its row. */
    private CheckedRecord complete(
            RowKind kind, AnnotationRecord row, String id, Optional<Picture> picture, List<Finding> ofCheck) {
        List<Finding> findings = new ArrayList<>();
        while (ahead instanceof FindingRow next && isAbout(next, kind, row.imageId(), id)) {
            findings.add(next.finding());
            advance();
        }
        findings.addAll(ofCheck);
        return new CheckedRecord(kind, row.imageId(), picture, id, Optional.of(row), Optional.empty(), findings);
    }

    private static boolean isAbout(FindingRow row, RowKind kind, String imageId, String id) {
        return row.kind() == kind
                && row.imageId().equals(imageId)
                && row.finding().object().equals(id)
                && !row.finding().outcome().isReject();
    }

    private Optional<Finding> imageReject(String imageId, String id, Optional<Picture> picture) {
        Optional<ReasonCode> reason =
                picture.map(Picture::reject).orElse(Optional.ofNullable(rejectedImages.get(imageId)));
        return reason.map(cause -> reject(imageId, id, cause, "its image is rejected"));
    }

    private Finding reject(String imageId, String id, ReasonCode reason, String detail) {
        return new Finding(input.name(), imageId, id, reason, Outcome.REJECT_OBJECT, detail);
    }

    private Picture place(ImageRow row) throws IOException {
        Picture picture = placed.get(row.imageId());
        if (picture == null) {
            picture = new Picture(row, pictures.place(input.name(), row));
            placed.put(row.imageId(), picture);
        }
        return picture;
    }

    private Optional<Picture> picture(String imageId) throws IOException {
        if (!placed.containsKey(imageId) && !rejectedImages.containsKey(imageId) && !allPlaced) {
            placeAll();
        }
        return Optional.ofNullable(placed.get(imageId));
    }

    private void placeAll() throws IOException {
        allPlaced = true;
        try (AnnotationReader images = input.open(limits)) {
            while (images.hasNext()) {
                AnnotationRecord record = images.next();
                if (record instanceof ImageRow row) {
                    place(row);
                } else if (record instanceof FindingRow row && row.finding().outcome() == Outcome.REJECT_IMAGE) {
                    rejectedImages.put(row.imageId(), row.finding().reason());
                }
            }
        }
    }
}
