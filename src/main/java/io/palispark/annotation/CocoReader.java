package io.palispark.annotation;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.palispark.annotation.AnnotationRecord.ObjectRow;
import io.palispark.annotation.AnnotationRecord.RowKind;
import io.palispark.annotation.AnnotationRecord.Totals;
import io.palispark.annotation.TwoPassReader.Remainder;
import io.palispark.annotation.TwoPassReader.Stage;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * COCO instances: {@code images}, {@code annotations} and {@code categories} in any order, streamed twice. Holds the
 * categories and the ids of images and annotations, no row.
 */
public final class CocoReader {

    private static final List<String> SECTIONS = List.of("images", "annotations", "categories");

    private final TwoPassReader rows;
    private final CategoryTable categories;
    private final ImageTable images;
    private final RowIds objectIds;
    private final ObjectFields fields;
    private final AnnotationKind kind = new AnnotationKind();

    private CocoReader(AnnotationSource source, CocoDialect dialect, ReadLimits limits) {
        this.categories = new CategoryTable(limits, dialect);
        this.images = new ImageTable(limits, dialect, categories);
        this.objectIds = new RowIds(limits);
        this.fields = new ObjectFields(limits, dialect);
        AnnotationFormat format = switch (dialect) {
            case INSTANCES -> AnnotationFormat.COCO;
            case FEDERATED -> AnnotationFormat.LVIS;
        };
        this.rows = new TwoPassReader(format, source.name(), limits);
    }

    /**
     * Walks the file once.
     *
     * @throws IOException when the bytes cannot be had; bad content is a record
     */
    public static AnnotationReader open(AnnotationSource source, ReadLimits limits) throws IOException {
        return open(source, CocoDialect.INSTANCES, limits);
    }

    static AnnotationReader open(AnnotationSource source, CocoDialect dialect, ReadLimits limits) throws IOException {
        CocoReader reader = new CocoReader(source, dialect, limits);
        Stage file = new Stage(
                source,
                Map.of(
                        "images", reader.images::note,
                        "annotations", reader::note,
                        "categories", reader.categories::read),
                reader::endOfFirstPass,
                Map.of(
                        "images",
                        (parser, sequence) -> reader.images.read(parser, sequence, reader.rows.queue()),
                        "annotations",
                        reader::read));
        return reader.rows.open(
                List.of(file),
                Remainder.NONE,
                () -> new Totals(source.name(), reader.images.rows(), reader.objectIds.rows(), 0, 0));
    }

    private void note(JsonParser parser, long sequence) throws IOException, DocumentException {
        objectIds.note(kind.note(parser));
    }

    private void endOfFirstPass(Set<String> present) throws DocumentException {
        kind.requireObjects();
        TwoPassReader.requireSections(present, SECTIONS);
        images.close();
        objectIds.close();
        categories.defects().forEach(defect -> rows.queue().finding("", RowKind.FILE, "", defect));
    }

    private void read(JsonParser parser, long sequence) throws IOException {
        String place = "annotations[" + sequence + "]";
        RecordQueue out = rows.queue();
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            out.reject("", RowKind.OBJECT, "", ReasonCode.VALUE_UNKNOWN, place + " is " + JsonNumber.describe(parser));
            return;
        }
        fields.read(parser);
        String image = fields.image().text();
        String stated = fields.id().text();
        boolean repeat = objectIds.isRepeat(stated);
        Optional<Defect> reject = reject();
        if (reject.isPresent()) {
            out.reject(
                    image,
                    RowKind.OBJECT,
                    stated,
                    reject.get().reason(),
                    place + ": " + reject.get().detail());
            return;
        }
        String id = fields.id().isMissing() || repeat ? objectIds.assign() : stated;
        out.add(new ObjectRow(
                image,
                sequence,
                id,
                categories.name(fields.category()),
                fields.box(),
                fields.region().orElse(null),
                fields.area(),
                fields.crowd()));
        addRepairs(repeat, id, place);
    }

    private Optional<Defect> reject() {
        RowId image = fields.image();
        RowId category = fields.category();
        if (image.isMissing() || !images.contains(image)) {
            String detail = image.isMissing() ? "no image_id" : "no image has id " + Defect.quote(image.text());
            return Optional.of(Defect.reject(ReasonCode.ANNOTATION_ORPHAN, detail));
        }
        if (category.isMissing()) {
            return Optional.of(Defect.reject(ReasonCode.CATEGORY_MISSING, "no category_id"));
        }
        String name = categories.name(category);
        if (name == null) {
            String detail = "no category has id " + Defect.quote(category.text());
            return Optional.of(Defect.reject(ReasonCode.CATEGORY_UNKNOWN, detail));
        }
        if (categories.isContradicted(category)) {
            String detail = "category " + category.text() + " has several names";
            return Optional.of(Defect.reject(ReasonCode.RECORD_CONTRADICTION, detail));
        }
        if (name.isEmpty()) {
            String detail = "category " + category.text() + " has no name";
            return Optional.of(Defect.reject(ReasonCode.CATEGORY_MISSING, detail));
        }
        return fields.reject();
    }

    private void addRepairs(boolean repeat, String id, String place) {
        RowId image = fields.image();
        RecordQueue out = rows.queue();
        List<Defect> repairs = fields.repairs();
        if (fields.id().isMissing()) {
            repairs.add(Defect.repair(ReasonCode.ID_MISSING, "numbered " + id));
        } else if (repeat) {
            String detail = "id " + fields.id().text() + " occurs before; numbered " + id;
            repairs.add(Defect.repair(ReasonCode.ID_DUPLICATE, detail));
        }
        if (image.quoted() != images.isQuoted(image)) {
            repairs.add(Defect.repair(
                    ReasonCode.ID_TYPE_MIXED,
                    "image_id is a " + (image.quoted() ? "text" : "number") + ", images.id not"));
        }
        if (images.isAbsent(image, fields.category())) {
            String detail = "the image's row says that this class is absent";
            repairs.add(Defect.warn(ReasonCode.RECORD_CONTRADICTION, detail));
        }
        for (Defect repair : repairs) {
            Defect placed = new Defect(repair.reason(), repair.outcome(), place + ": " + repair.detail());
            out.finding(image.text(), RowKind.OBJECT, id, placed);
        }
    }
}
