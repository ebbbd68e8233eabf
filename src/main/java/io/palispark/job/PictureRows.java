package io.palispark.job;

import io.palispark.annotation.AnnotationRecord.ImageRow;
import io.palispark.annotation.AnnotationRecord.ObjectRow;
import io.palispark.annotation.AnnotationRecord.RowKind;
import io.palispark.annotation.CheckedObject;
import io.palispark.annotation.Finding;
import io.palispark.annotation.Outcome;
import io.palispark.annotation.ReasonCode;
import io.palispark.dataset.EncodedObject;
import io.palispark.dataset.ImageSample;
import io.palispark.dataset.PromptPlan;
import io.palispark.dataset.RowComposer;
import io.palispark.dataset.SplitPlan;
import io.palispark.dataset.Task;
import io.palispark.image.ImageFault;
import io.palispark.spark.PictureFrames;
import io.palispark.spark.WorkCounters;
import io.palispark.token.LabelProblem;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Encodes the objects of admitted pictures, many at a time, and writes the rows that they give. A large picture gives rows
 * of its tiles; a record counts once, however many tiles show it.
 */
final class PictureRows implements AutoCloseable {

    /** Objects that are encoded together; bounds what a part holds between rasterising and writing. */
    private static final int WINDOW = 256;

    private final PrepareConfig config;
    private final PromptPlan prompts;
    private final String source;
    private final ViewPictures pictures;
    private final SourceOutput out;
    private final PictureRejects rejects;
    private final RowComposer composer;
    private final List<Waiting> pending = new ArrayList<>();
    private int waiting;

    PictureRows(PrepareConfig config, PromptPlan prompts, ViewPictures pictures, SourceOutput out) {
        this.config = config;
        this.prompts = prompts;
        this.source = out.annotations();
        this.pictures = pictures;
        this.out = out;
        this.rejects = new PictureRejects(out);
        this.composer = PrepareTools.composer(config, prompts);
    }

    private record Waiting(AdmittedPicture picture, List<PictureView> views) {}

    void add(AdmittedPicture picture) throws IOException {
        Waiting next = new Waiting(picture, config.tiles().views(picture, refused(picture)));
        int objects =
                next.views().stream().mapToInt(view -> view.objects().size()).sum();
        pending.add(next);
        waiting += objects;
        WorkCounters.add(WorkCounters.QUEUED, objects);
        if (waiting >= WINDOW) {
            flush();
        }
    }

    /** Writes what waits; to be called behind the last picture. */
    void flush() throws IOException {
        List<ObjectEncoding.Placed> placed = new ArrayList<>();
        for (Waiting picture : pending) {
            for (PictureView view : picture.views()) {
                view.objects().forEach(object -> placed.add(new ObjectEncoding.Placed(object, view.size())));
            }
        }
        ObjectEncoding.Masks masks =
                prompts.tasks().contains(Task.SEGMENT) ? ObjectEncoding.Masks.ENCODED : ObjectEncoding.Masks.LEFT_OUT;
        Iterator<ObjectEncoding.Encoded> encoded = new ObjectEncoding(
                        config.convention(), PrepareTools.codec(config.codec()), config.codec())
                .encode(placed, masks)
                .iterator();
        for (Waiting picture : pending) {
            compose(picture, encoded);
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

    /** Classes that the annotations have more objects of than were let in. */
    private Set<String> refused(AdmittedPicture picture) {
        Set<String> kept = new HashSet<>();
        picture.objects().forEach(object -> kept.add(object.source().objectId()));
        Set<String> labels = new TreeSet<>();
        for (ObjectRow row : picture.records().objects()) {
            if (!kept.contains(row.objectId())) {
                config.labels().map().name(row.label()).ifPresent(labels::add);
            }
        }
        return labels;
    }

    /** @param encoded hands out the objects of all views in order */
    private void compose(Waiting waiting, Iterator<ObjectEncoding.Encoded> encoded) throws IOException {
        AdmittedPicture picture = waiting.picture();
        List<List<ObjectEncoding.Encoded>> objects = new ArrayList<>();
        for (PictureView view : waiting.views()) {
            List<ObjectEncoding.Encoded> ofView = new ArrayList<>();
            view.objects().forEach(object -> ofView.add(encoded.next()));
            objects.add(ofView);
        }
        if (!config.tiles().writesPictures()) {
            compose(waiting, objects, Optional.empty());
            return;
        }
        ViewPictures.Opening opening = pictures.open(picture, waiting.views());
        if (opening instanceof ViewPictures.Refused refused) {
            refuse(picture, refused.fault());
            return;
        }
        compose(waiting, objects, Optional.of((ViewPictures.Opened) opening));
    }

    /** A picture whose header was sound and whose pixels are not; objects that were refused before stay so. */
    private void refuse(AdmittedPicture picture, ImageFault fault) throws IOException {
        ReasonCode reason = PictureFrames.reason(fault);
        String detail = "its image is rejected: " + fault.detail();
        rejects.picture(picture.records(), picture.image(), reason, fault.detail(), "image");
        rejects.textsOf(picture.records(), picture.image(), reason, Outcome.REJECT_OBJECT, detail);
        for (CheckedObject object : picture.objects()) {
            out.finding(
                    RowKind.OBJECT,
                    new Finding(
                            source, picture.image(), object.source().objectId(), reason, Outcome.REJECT_OBJECT, detail),
                    "image");
        }
    }

    private void compose(
            Waiting waiting, List<List<ObjectEncoding.Encoded>> objects, Optional<ViewPictures.Opened> opened)
            throws IOException {
        AdmittedPicture picture = waiting.picture();
        SplitPlan.Split split = picture.placed().place().split();
        ViewCompositions all = new ViewCompositions();
        for (int i = 0; i < waiting.views().size(); i++) {
            PictureView view = waiting.views().get(i);
            String image = opened.map(open -> open.name(view)).orElse(picture.image());
            measure(split, objects.get(i));
            ImageSample sample = sample(picture, view, image, all.usable(objects.get(i)));
            RowComposer.Composition rows = view.contents() == PictureView.Contents.TEXTS
                    ? composer.composeTexts(sample)
                    : composer.compose(sample);
            all.add(view, rows);
            if (opened.isPresent() && !rows.rows().isEmpty()) {
                out.picture(pictures.write(opened.get(), view));
            }
        }
        picture.objects().forEach(object -> all.seen(object.source().objectId()));
        account(picture, split, all);
    }

    private ImageSample sample(AdmittedPicture picture, PictureView view, String image, List<EncodedObject> usable) {
        ImageRow row = picture.records().images().get(0);
        boolean isTile = view.contents() == PictureView.Contents.OBJECTS;
        return new ImageSample(
                source,
                row.imageId(),
                image,
                view.size(),
                usable,
                isTile ? List.of() : picture.records().captions(),
                isTile ? List.of() : picture.records().questions(),
                uncertain(view, usable),
                picture.known());
    }

    /** Classes of refused objects, those that could not be encoded among them. */
    private static Set<String> uncertain(PictureView view, List<EncodedObject> usable) {
        Set<String> kept = new HashSet<>();
        usable.forEach(object -> kept.add(object.objectId()));
        Set<String> labels = new TreeSet<>(view.uncertain());
        view.objects().stream()
                .map(CheckedObject::source)
                .filter(row -> !kept.contains(row.objectId()))
                .forEach(row -> labels.add(row.label()));
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

    private void account(AdmittedPicture picture, SplitPlan.Split split, ViewCompositions all) throws IOException {
        for (ViewCompositions.ViewRow row : all.rows()) {
            Optional<TileFrame> frame = row.view().isWhole(picture.size())
                    ? Optional.empty()
                    : Optional.of(new TileFrame(
                            picture.image(), picture.size(), row.view().block()));
            out.row(picture, row.row(), frame);
        }
        for (RowComposer.RecordKey record : all.written()) {
            out.ledger().written(record.kind(), 1);
        }
        for (ViewCompositions.Loss loss : all.losses()) {
            Finding finding = new Finding(
                    source,
                    picture.image(),
                    loss.record().id(),
                    loss.reason(),
                    all.written().contains(loss.record()) ? Outcome.WARN : Outcome.REJECT_OBJECT,
                    loss.detail());
            out.finding(loss.record().kind(), finding, loss.stage());
        }
        if (all.rows().isEmpty()) {
            rejects.picture(
                    picture.records(), picture.image(), ReasonCode.TASK_NOT_APPLICABLE, "no row to write", "compose");
        } else {
            out.ledger().written(RowKind.IMAGE, picture.records().images().size());
            out.counts().picture(split, picture.records().split());
        }
    }
}
