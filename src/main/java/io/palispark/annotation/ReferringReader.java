package io.palispark.annotation;

import io.palispark.annotation.AnnotationRecord.FindingRow;
import io.palispark.annotation.AnnotationRecord.ImageRow;
import io.palispark.annotation.AnnotationRecord.ObjectRow;
import io.palispark.annotation.AnnotationRecord.RowKind;
import io.palispark.annotation.Expressions.Reference;
import java.io.IOException;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Referring expressions joined with the objects of a COCO file: an object row per expression, whose label is the
 * expression. Objects and pictures that no expression refers to are no rows.
 */
final class ReferringReader implements AnnotationRows.Steps {

    private final AnnotationReader objects;
    private final Expressions expressions;
    private final ReadLimits limits;
    private final RecordQueue out;
    private final Set<String> images = new HashSet<>();

    private ReferringReader(String name, AnnotationReader objects, Expressions expressions, ReadLimits limits) {
        this.objects = objects;
        this.expressions = expressions;
        this.limits = limits;
        this.out = new RecordQueue(name);
    }

    static AnnotationReader open(AnnotationInput input, AnnotationSource instances, ReadLimits limits)
            throws IOException, DocumentException {
        byte[] pickle = SmallDocument.bytes(input.entries().get(0).main(), limits);
        Expressions expressions = new Expressions(Pickle.read(pickle));
        ReferringReader reader =
                new ReferringReader(input.name(), CocoReader.open(instances, limits), expressions, limits);
        return AnnotationRows.of(input.format(), reader.out, reader);
    }

    @Override
    public boolean step() {
        if (objects.hasNext()) {
            take(objects.next());
            return true;
        }
        for (Reference reference : expressions.takeRest()) {
            Defect orphan = Defect.reject(
                    ReasonCode.ANNOTATION_ORPHAN, "no object has the id " + Defect.quote(reference.object()));
            reject(reference, reference.isRejected() ? reference.defect().get() : orphan);
        }
        return false;
    }

    private void take(AnnotationRecord row) {
        if (row instanceof ImageRow image && expressions.mentions(image.imageId())) {
            images.add(image.imageId());
            out.seen(RowKind.IMAGE);
            add(image);
        } else if (row instanceof ObjectRow object) {
            expressions.take(object.objectId()).forEach(reference -> join(reference, object));
        } else if (row instanceof FindingRow finding) {
            pass(finding);
        }
    }

    private void add(ImageRow image) {
        Set<String> splits = new TreeSet<>(expressions.splits(image.imageId()));
        out.add(new ImageRow(
                        image.imageId(),
                        image.fileName(),
                        image.declaredHeight(),
                        image.declaredWidth(),
                        image.claim(),
                        String.join(",", splits))
                .inGroup(image.group()));
        if (splits.size() > 1) {
            Defect several = Defect.warn(
                    ReasonCode.RECORD_CONTRADICTION, "its objects are in several splits: " + String.join(", ", splits));
            out.finding(image.imageId(), RowKind.IMAGE, "", several);
        }
    }

    /** Findings about the file and about what is referred to; a rejected object rejects its expressions. */
    private void pass(FindingRow row) {
        Finding finding = row.finding();
        Defect defect = new Defect(finding.reason(), finding.outcome(), finding.detail());
        switch (row.kind()) {
            case FILE -> out.finding("", RowKind.FILE, "", defect);
            case IMAGE -> {
                if (expressions.mentions(row.imageId())) {
                    if (finding.outcome().isReject()) {
                        out.seen(RowKind.IMAGE);
                    }
                    out.finding(row.imageId(), RowKind.IMAGE, "", defect);
                }
            }
            case OBJECT -> {
                if (finding.outcome().isReject()) {
                    expressions.take(finding.object()).forEach(reference -> reject(reference, defect));
                }
            }
            case CAPTION, QUESTION -> throw new IllegalStateException("COCO objects have no " + row.kind());
        }
    }

    private void join(Reference reference, ObjectRow object) {
        if (reference.isRejected()) {
            reject(reference, reference.defect().get());
        } else if (!reference.image().equals(object.imageId())) {
            reject(
                    reference,
                    Defect.reject(
                            images.contains(reference.image())
                                    ? ReasonCode.RECORD_CONTRADICTION
                                    : ReasonCode.ANNOTATION_ORPHAN,
                            "refers to image " + reference.image() + ", the object is on " + object.imageId()));
        } else {
            for (int i = 0; i < reference.texts().size(); i++) {
                out.seen(RowKind.OBJECT);
                add(reference, object, i);
            }
            Optional<Defect> warning = reference.defect();
            warning.ifPresent(defect -> out.finding(object.imageId(), RowKind.OBJECT, reference.id(), defect));
        }
    }

    private void add(Reference reference, ObjectRow object, int index) {
        String id = reference.id() + "." + index;
        TextLine line = TextLine.of(reference.texts().get(index), limits);
        if (line.isRejected()) {
            Defect defect = line.defects().get(0);
            out.reject(object.imageId(), RowKind.OBJECT, id, defect.reason(), defect.detail());
            return;
        }
        out.add(new ObjectRow(
                object.imageId(),
                object.sequence(),
                id,
                line.text(),
                object.box(),
                object.region(),
                object.area(),
                object.crowd()));
        line.defects().forEach(defect -> out.finding(object.imageId(), RowKind.OBJECT, id, defect));
    }

    private void reject(Reference reference, Defect defect) {
        for (int i = 0; i < reference.texts().size(); i++) {
            out.seen(RowKind.OBJECT);
            String detail = "ref_id " + reference.id() + ": " + defect.detail();
            out.reject(reference.image(), RowKind.OBJECT, reference.id() + "." + i, defect.reason(), detail);
        }
    }

    @Override
    public void close() throws IOException {
        objects.close();
    }
}
