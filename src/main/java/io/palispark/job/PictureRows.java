package io.palispark.job;

import io.palispark.annotation.AnnotationRecord.ImageRow;
import io.palispark.annotation.AnnotationRecord.ObjectRow;
import io.palispark.annotation.AnnotationRecord.RowKind;
import io.palispark.annotation.Finding;
import io.palispark.annotation.Outcome;
import io.palispark.annotation.ReasonCode;
import io.palispark.dataset.EncodedObject;
import io.palispark.dataset.ImageSample;
import io.palispark.dataset.PromptPlan;
import io.palispark.dataset.RowComposer;
import io.palispark.dataset.SplitPlan;
import io.palispark.dataset.Task;
import io.palispark.dataset.TrainingRow;
import io.palispark.spark.WorkCounters;
import io.palispark.token.LabelProblem;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Encodes the objects of admitted pictures, many at a time, and writes the rows that they give. */
final class PictureRows implements AutoCloseable {

    /** Objects that are encoded together; bounds what a part holds between rasterising and writing. */
    private static final int WINDOW = 256;

    private final PrepareConfig config;
    private final PromptPlan prompts;
    private final String source;
    private final SourceOutput out;
    private final PictureRejects rejects;
    private final RowComposer composer;
    private final List<AdmittedPicture> pending = new ArrayList<>();
    private int waiting;

    PictureRows(PrepareConfig config, PromptPlan prompts, SourceOutput out) {
        this.config = config;
        this.prompts = prompts;
        this.source = out.annotations();
        this.out = out;
        this.rejects = new PictureRejects(out);
        this.composer = PrepareTools.composer(config, prompts);
    }

    void add(AdmittedPicture picture) throws IOException {
        pending.add(picture);
        waiting += picture.objects().size();
        WorkCounters.add(WorkCounters.QUEUED, picture.objects().size());
        if (waiting >= WINDOW) {
            flush();
        }
    }

    /** Writes what waits; to be called behind the last picture. */
    void flush() throws IOException {
        List<ObjectEncoding.Placed> placed = new ArrayList<>();
        for (AdmittedPicture picture : pending) {
            picture.objects().forEach(object -> placed.add(new ObjectEncoding.Placed(object, picture.size())));
        }
        ObjectEncoding.Masks masks =
                prompts.tasks().contains(Task.SEGMENT) ? ObjectEncoding.Masks.ENCODED : ObjectEncoding.Masks.LEFT_OUT;
        List<ObjectEncoding.Encoded> encoded = new ObjectEncoding(
                        config.convention(), PrepareTools.codec(config.codec()), config.codec())
                .encode(placed, masks);
        int next = 0;
        for (AdmittedPicture picture : pending) {
            int end = next + picture.objects().size();
            compose(picture, encoded.subList(next, end));
            next = end;
        }
        pending.clear();
        close();
        out.report();
    }

    /** Nothing waits any more; without a flush before it, what waited is lost. */
    @Override
    public void close() {
        WorkCounters.add(WorkCounters.QUEUED, -waiting);
        waiting = 0;
    }

    private void compose(AdmittedPicture picture, List<ObjectEncoding.Encoded> encoded) throws IOException {
        List<EncodedObject> usable = new ArrayList<>();
        for (ObjectEncoding.Encoded object : encoded) {
            if (object.reject().isPresent()) {
                out.finding(
                        RowKind.OBJECT,
                        finding(
                                picture,
                                object.object().objectId(),
                                object.reject().get(),
                                "encode"),
                        "encode");
            } else {
                usable.add(object.object());
            }
        }
        measure(picture.placed().place().split(), encoded);
        ImageRow row = picture.records().images().get(0);
        ImageSample sample = new ImageSample(
                source,
                row.imageId(),
                picture.image(),
                picture.size(),
                usable,
                picture.records().captions(),
                picture.records().questions(),
                refused(picture, usable),
                picture.known());
        account(picture, composer.compose(sample));
    }

    /** Classes that the annotations have more objects of than came through. */
    private Set<String> refused(AdmittedPicture picture, List<EncodedObject> usable) {
        Set<String> kept = new HashSet<>();
        usable.forEach(object -> kept.add(object.objectId()));
        Set<String> labels = new TreeSet<>();
        for (ObjectRow row : picture.records().objects()) {
            if (!kept.contains(row.objectId())) {
                config.labels().map().name(row.label()).ifPresent(labels::add);
            }
        }
        return labels;
    }

    private void measure(SplitPlan.Split split, List<ObjectEncoding.Encoded> encoded) {
        for (ObjectEncoding.Encoded object : encoded) {
            object.roundTripIou()
                    .ifPresent(
                            iou -> out.counts().mask(split, iou, config.codec().minimumIou()));
            String label = object.object().label();
            if (LabelProblem.of(label).isPresent()) {
                out.counts().unwritable(split, label);
            }
        }
    }

    private void account(AdmittedPicture picture, RowComposer.Composition composition) throws IOException {
        SplitPlan.Split split = picture.placed().place().split();
        for (TrainingRow row : composition.rows()) {
            out.row(picture, row);
        }
        for (RowComposer.RecordKey record : composition.written()) {
            out.ledger().written(record.kind(), 1);
        }
        for (var dropped : composition.dropped().entrySet()) {
            boolean elsewhere = composition.written().contains(dropped.getKey());
            Finding finding = new Finding(
                    source,
                    picture.image(),
                    dropped.getKey().id(),
                    dropped.getValue(),
                    elsewhere ? Outcome.WARN : Outcome.REJECT_OBJECT,
                    "left out of a row");
            out.finding(dropped.getKey().kind(), finding, "compose");
        }
        if (composition.rows().isEmpty()) {
            rejects.picture(
                    picture.records(), picture.image(), ReasonCode.TASK_NOT_APPLICABLE, "no row to write", "compose");
        } else {
            out.ledger().written(RowKind.IMAGE, picture.records().images().size());
            out.counts().picture(split, picture.records().split());
        }
    }

    private Finding finding(AdmittedPicture picture, String object, ReasonCode reason, String detail) {
        return new Finding(source, picture.image(), object, reason, Outcome.REJECT_OBJECT, detail);
    }
}
