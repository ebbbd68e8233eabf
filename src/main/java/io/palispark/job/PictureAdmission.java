package io.palispark.job;

import io.palispark.annotation.AnnotationRecord.FindingRow;
import io.palispark.annotation.AnnotationRecord.ObjectRow;
import io.palispark.annotation.AnnotationRecord.RowKind;
import io.palispark.annotation.AnnotationRecord.Totals;
import io.palispark.annotation.CheckedObject;
import io.palispark.annotation.Finding;
import io.palispark.annotation.Known;
import io.palispark.annotation.ObjectCheck;
import io.palispark.annotation.Outcome;
import io.palispark.annotation.ReasonCode;
import io.palispark.dataset.LabelMap;
import io.palispark.dataset.SplitPlan;
import io.palispark.geometry.ImageSize;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Lets pictures and their objects in, or writes down why not; counts what came in. */
final class PictureAdmission {

    private static final String NOT_DRAWN = "left out by its source's weight or limits";

    private final PrepareConfig config;
    private final String source;
    private final SourceOutput out;
    private final PictureIntake intake;
    private final PictureRejects rejects;

    PictureAdmission(PrepareConfig config, MixtureSource source, SourceOutput out) {
        this.config = config;
        this.source = source.annotations();
        this.out = out;
        this.intake = new PictureIntake(source.annotations(), source.images(), config.input());
        this.rejects = new PictureRejects(out);
    }

    /** The picture with its usable objects; empty when it is refused, which is then written down. */
    Optional<AdmittedPicture> admit(PlacedPicture picture) throws IOException {
        PictureRecords records = picture.records();
        count(records);
        if (isOrphan(records) || isNotDrawn(picture) || isContaminated(records, picture.place())) {
            return Optional.empty();
        }
        PictureIntake.Verdict verdict = intake.inspect(records.images().get(0), picture.found());
        for (Finding finding : verdict.findings()) {
            if (!finding.outcome().isReject()) {
                out.finding(RowKind.IMAGE, finding, "image");
            }
        }
        if (verdict.size().isEmpty()) {
            Finding last = verdict.findings().get(verdict.findings().size() - 1);
            rejects.picture(records, last.image(), last.reason(), last.detail(), "image");
            rejects.recordsOf(records, last.reason(), Outcome.REJECT_OBJECT, "its image is rejected: " + last.detail());
            return Optional.empty();
        }
        if (!config.limits().reading().groupField().isEmpty() && records.group().isEmpty()) {
            out.finding(
                    RowKind.IMAGE,
                    warning(verdict.image(), ReasonCode.SPLIT_GROUP_MISSING, "no split.column"),
                    "split");
        }
        ImageSize size = verdict.size().get();
        List<CheckedObject> objects = checked(picture, size).stream()
                .map(object -> object.turned(verdict.turn(), size))
                .toList();
        Known known = config.labels().map().known(records.known());
        return Optional.of(
                new AdmittedPicture(picture, verdict.image(), verdict.turn().apply(size), objects, known));
    }

    /** A picture is not drawn by its source, or has nothing but objects of classes that have got theirs. */
    private boolean isNotDrawn(PlacedPicture picture) throws IOException {
        PictureRecords records = picture.records();
        boolean emptied = !picture.leftOut().isEmpty()
                && records.captions().isEmpty()
                && records.questions().isEmpty()
                && records.objects().stream().allMatch(row -> isLeftOut(picture, row));
        if (picture.copies() > 0 && !emptied) {
            return false;
        }
        rejects.picture(records, records.images().get(0).fileName(), ReasonCode.RECORD_NOT_DRAWN, NOT_DRAWN, "draw");
        rejects.recordsOf(records, ReasonCode.RECORD_NOT_DRAWN, Outcome.REJECT_OBJECT, NOT_DRAWN);
        return true;
    }

    private boolean isLeftOut(PlacedPicture picture, ObjectRow row) {
        return config.labels()
                .used(row.label())
                .filter(picture.leftOut()::contains)
                .isPresent();
    }

    private boolean isOrphan(PictureRecords records) throws IOException {
        if (!records.images().isEmpty()) {
            return false;
        }
        String detail = "not exactly one image has the id " + records.imageId();
        rejects.recordsOf(records, ReasonCode.ANNOTATION_ORPHAN, Outcome.REJECT_OBJECT, detail);
        return true;
    }

    private boolean isContaminated(PictureRecords records, SplitPlan.Place place) throws IOException {
        if (!place.contaminated()) {
            return false;
        }
        String image = records.images().get(0).fileName();
        String detail = "stated as " + records.split() + ", and its group " + place.group() + " is also held out";
        return switch (config.splitting().plan().official().contamination()) {
            case REMOVE -> {
                rejects.picture(records, image, ReasonCode.SPLIT_CONTAMINATED, detail, "split");
                rejects.recordsOf(records, ReasonCode.SPLIT_CONTAMINATED, Outcome.REJECT_OBJECT, detail);
                yield true;
            }
            case REPORT -> {
                out.finding(RowKind.IMAGE, warning(image, ReasonCode.SPLIT_CONTAMINATED, detail), "split");
                yield false;
            }
        };
    }

    private Finding warning(String image, ReasonCode reason, String detail) {
        return new Finding(source, image, "", reason, Outcome.WARN, detail);
    }

    private void count(PictureRecords records) throws IOException {
        for (Totals totals : records.totals()) {
            out.ledger().input(RowKind.IMAGE, totals.images());
            out.ledger().input(RowKind.OBJECT, totals.objects());
            out.ledger().input(RowKind.CAPTION, totals.captions());
            out.ledger().input(RowKind.QUESTION, totals.questions());
        }
        for (FindingRow row : records.findings()) {
            out.finding(row.kind(), row.finding(), "read");
            if (row.kind() == RowKind.FILE && row.finding().outcome().isReject()) {
                out.ledger().input(RowKind.FILE, 1);
            }
        }
    }

    private List<CheckedObject> checked(PlacedPicture picture, ImageSize size) throws IOException {
        List<CheckedObject> kept = new ArrayList<>();
        for (ObjectRow row : picture.records().objects()) {
            Optional<ObjectRow> named = named(row, picture.place().split());
            if (named.isEmpty()) {
                continue;
            }
            Optional<Finding> refused = refused(named.get(), kept.size(), picture.leftOut());
            if (refused.isPresent()) {
                out.finding(RowKind.OBJECT, refused.get(), "object");
                continue;
            }
            CheckedObject object = ObjectCheck.check(source, named.get(), size);
            for (Finding finding : object.findings()) {
                out.finding(RowKind.OBJECT, finding, "object");
            }
            if (!object.isRejected()) {
                kept.add(object);
            }
        }
        return kept;
    }

    /** The object by its new name; empty when its class is dropped. */
    private Optional<ObjectRow> named(ObjectRow row, SplitPlan.Split split) throws IOException {
        LabelMap labels = config.labels().map();
        if (!labels.mentions(row.label())) {
            return Optional.of(row);
        }
        out.counts().mapped(split, row.label());
        Optional<String> name = labels.name(row.label());
        if (name.isEmpty()) {
            String detail = row.label() + " is dropped by labels.map";
            out.finding(RowKind.OBJECT, reject(row, ReasonCode.CATEGORY_DROPPED, detail), "object");
        } else if (!name.get().equals(row.label())) {
            String detail = row.label() + " became " + name.get();
            out.finding(
                    RowKind.OBJECT,
                    new Finding(
                            source, row.imageId(), row.objectId(), ReasonCode.CATEGORY_RENAMED, Outcome.REPAIR, detail),
                    "object");
        }
        return name.map(row::withLabel);
    }

    private Optional<Finding> refused(ObjectRow row, int kept, Set<String> leftOut) {
        if (row.crowd()) {
            return Optional.of(reject(row, ReasonCode.CROWD_REGION, "iscrowd"));
        }
        if (!config.labels().keeps(row.label())) {
            return Optional.of(reject(row, ReasonCode.CATEGORY_FILTERED, row.label() + " is not in labels.keep"));
        }
        if (leftOut.contains(row.label())) {
            return Optional.of(reject(row, ReasonCode.RECORD_NOT_DRAWN, NOT_DRAWN));
        }
        if (kept >= config.limits().objectsPerImage()) {
            return Optional.of(reject(
                    row,
                    ReasonCode.OBJECT_COUNT_EXCEEDED,
                    "limits.objects-per-image is " + config.limits().objectsPerImage()));
        }
        return Optional.empty();
    }

    private Finding reject(ObjectRow row, ReasonCode reason, String detail) {
        return new Finding(source, row.imageId(), row.objectId(), reason, Outcome.REJECT_OBJECT, detail);
    }
}
