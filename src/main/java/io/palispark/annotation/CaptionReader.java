package io.palispark.annotation;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.palispark.annotation.AnnotationRecord.CaptionRow;
import io.palispark.annotation.AnnotationRecord.RowKind;
import io.palispark.annotation.AnnotationRecord.Totals;
import io.palispark.annotation.TwoPassReader.Remainder;
import io.palispark.annotation.TwoPassReader.Stage;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * COCO captions: {@code images} and {@code annotations} with a {@code caption}, streamed twice. Several captions may
 * share an id; a row that repeats another in id, image and text is counted once, as one caption.
 */
public final class CaptionReader {

    private static final List<String> SECTIONS = List.of("images", "annotations");

    private final ReadLimits limits;
    private final TwoPassReader rows;
    private final ImageTable images;
    private final RowIds captionIds;
    private final AnnotationKind kind = new AnnotationKind();
    private final RowHashes met = new RowHashes();

    private long repeats;

    private CaptionReader(AnnotationSource source, ReadLimits limits) {
        this.limits = limits;
        this.images = new ImageTable(limits);
        this.captionIds = new RowIds(limits);
        this.rows = new TwoPassReader(AnnotationFormat.COCO_CAPTIONS, source.name(), limits);
    }

    /**
     * Walks the file once.
     *
     * @throws IOException when the bytes cannot be had; bad content is a record
     */
    public static AnnotationReader open(AnnotationSource source, ReadLimits limits) throws IOException {
        CaptionReader reader = new CaptionReader(source, limits);
        Stage file = new Stage(
                source,
                Map.of("images", reader.images::note, "annotations", reader::note),
                reader::endOfFirstPass,
                Map.of(
                        "images",
                        (parser, sequence) -> reader.images.read(parser, sequence, reader.rows.queue()),
                        "annotations",
                        reader::read));
        return reader.rows.open(
                List.of(file),
                Remainder.NONE,
                () -> new Totals(source.name(), reader.images.rows(), 0, reader.captionIds.rows() - reader.repeats, 0));
    }

    private void note(JsonParser parser, long sequence) throws IOException, DocumentException {
        captionIds.note(kind.note(parser));
    }

    private void endOfFirstPass(Set<String> present) throws DocumentException {
        kind.requireCaptions();
        TwoPassReader.requireSections(present, SECTIONS);
        images.close();
        captionIds.close();
    }

    private void read(JsonParser parser, long sequence) throws IOException {
        String place = "annotations[" + sequence + "]";
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            String detail = place + " is " + JsonNumber.describe(parser);
            rows.queue().reject("", RowKind.CAPTION, "", ReasonCode.VALUE_UNKNOWN, detail);
            return;
        }
        RowId id = RowId.NONE;
        RowId image = RowId.NONE;
        StatedText caption = StatedText.ABSENT;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String field = parser.currentName();
            parser.nextToken();
            switch (field) {
                case "id" -> id = RowId.read(parser);
                case "image_id" -> image = RowId.read(parser);
                case "caption" -> caption = StatedText.read(parser);
                default -> parser.skipChildren();
            }
        }
        emit(id, image, caption, sequence, place);
    }

    private void emit(RowId id, RowId image, StatedText caption, long sequence, String place) {
        RecordQueue out = rows.queue();
        if (captionIds.isRepeated(id.text()) && isRepeat(id, image, caption)) {
            repeats++;
            Defect repeat = Defect.repair(ReasonCode.ROW_DUPLICATE, place + " repeats an earlier row: left out");
            out.finding(image.text(), RowKind.CAPTION, id.text(), repeat);
            return;
        }
        if (image.isMissing() || !images.contains(image)) {
            String detail = place + (image.isMissing() ? ": no image_id" : ": no image " + Defect.quote(image.text()));
            out.reject(image.text(), RowKind.CAPTION, id.text(), ReasonCode.ANNOTATION_ORPHAN, detail);
            return;
        }
        TextLine line = caption.line("caption", limits);
        if (line.isRejected()) {
            Defect defect = line.defects().get(0);
            out.reject(image.text(), RowKind.CAPTION, id.text(), defect.reason(), place + ": " + defect.detail());
            return;
        }
        String assigned = id.isMissing() ? captionIds.assign() : id.text();
        out.add(new CaptionRow(image.text(), sequence, assigned, line.text()));
        for (Defect defect : line.defects()) {
            finding(image, assigned, place, defect);
        }
        if (id.isMissing()) {
            finding(image, assigned, place, Defect.repair(ReasonCode.ID_MISSING, "numbered " + assigned));
        } else if (captionIds.isRepeat(id.text())) {
            finding(image, assigned, place, Defect.warn(ReasonCode.ID_DUPLICATE, "id " + assigned + " occurs before"));
        }
        if (image.quoted() != images.isQuoted(image)) {
            String detail = "image_id is a " + (image.quoted() ? "text" : "number") + ", images.id not";
            finding(image, assigned, place, Defect.repair(ReasonCode.ID_TYPE_MIXED, detail));
        }
    }

    private boolean isRepeat(RowId id, RowId image, StatedText caption) {
        return met.isRepeat(id.text() + '\n' + image.text() + '\n' + caption);
    }

    private void finding(RowId image, String id, String place, Defect defect) {
        Defect placed = new Defect(defect.reason(), defect.outcome(), place + ": " + defect.detail());
        rows.queue().finding(image.text(), RowKind.CAPTION, id, placed);
    }
}
