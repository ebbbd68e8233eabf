package io.palispark.job;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.palispark.annotation.AnnotationRecord;
import io.palispark.annotation.AnnotationRecord.FindingRow;
import io.palispark.annotation.AnnotationRecord.ImageRow;
import io.palispark.annotation.AnnotationRecord.ObjectRow;
import io.palispark.annotation.AnnotationRecord.RowKind;
import io.palispark.annotation.AnnotationRecord.Totals;
import io.palispark.annotation.CheckedObject;
import io.palispark.annotation.Finding;
import io.palispark.annotation.ObjectCheck;
import io.palispark.annotation.Outcome;
import io.palispark.annotation.ReasonCode;
import io.palispark.dataset.EncodedObject;
import io.palispark.dataset.ImageSample;
import io.palispark.dataset.PromptPlan;
import io.palispark.dataset.RowComposer;
import io.palispark.dataset.SplitPlan;
import io.palispark.dataset.Task;
import io.palispark.dataset.TrainingRow;
import io.palispark.geometry.ImageSize;
import io.palispark.spark.AnnotationParts;
import io.palispark.spark.CommittedFolder;
import io.palispark.spark.ImageSource;
import io.palispark.spark.PartReceipt;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The work on one part of the corpus: its pictures are checked, their objects encoded and composed to rows, and the
 * rows staged with a receipt. A part that is in place or that an earlier run finished, made from the same input, is not made again.
 */
final class PreparePart implements AnnotationParts.PartWork<PreparedPart> {

    private static final long serialVersionUID = 1L;

    /** Objects that are encoded together; bounds what a part holds between rasterising and writing. */
    private static final int WINDOW = 256;

    private final PrepareConfig config;
    private final PromptPlan prompts;
    private final SplitPlan splits;
    private final ImageSource images;
    private final CommittedFolder output;
    private final String source;
    private final String settings;

    /**
     * @param source names of the inputs, as rejects state them
     * @param settings hash of everything that rows depend on beside the part's records and pictures
     */
    PreparePart(
            PrepareConfig config,
            PromptPlan prompts,
            SplitPlan splits,
            ImageSource images,
            CommittedFolder output,
            String source,
            String settings) {
        this.config = config;
        this.prompts = prompts;
        this.splits = splits;
        this.images = images;
        this.output = output;
        this.source = source;
        this.settings = settings;
    }

    @Override
    public PreparedPart build(int part, Iterator<List<AnnotationRecord>> records) throws IOException {
        ObjectMapper json = new ObjectMapper();
        PartFingerprint fingerprint = new PartFingerprint();
        fingerprint.with(settings + prompts.vocabulary());
        List<Picture> pictures = new ArrayList<>();
        while (records.hasNext()) {
            List<AnnotationRecord> ofOneImage = records.next();
            PictureRecords picture = PictureRecords.of(ofOneImage);
            Optional<ImageSource.Found> found = picture.images().isEmpty()
                    ? Optional.empty()
                    : images.find(picture.images().get(0).fileName());
            String group = found.map(image -> splits.group(image.name(), "")).orElse("");
            fingerprint.add(ofOneImage, found, group);
            pictures.add(new Picture(picture, found));
        }
        String input = fingerprint.text();
        // only rejects name the inputs: a part without any outlives the arrival of another input
        String inputWithNames = input + " of " + source;
        Optional<PartReceipt> inPlace = output.inPlace(part, Set.of(input, inputWithNames), json);
        if (inPlace.isPresent()) {
            return new PreparedPart(inPlace.get(), PreparedPart.Origin.IN_PLACE);
        }
        Optional<PartReceipt> finished = output.finished(part, inputWithNames, json);
        if (finished.isPresent()) {
            return new PreparedPart(finished.get(), PreparedPart.Origin.STAGED);
        }
        PartReceipt receipt = new Work(json).run(pictures).stage(output, part, inputWithNames);
        output.finish(receipt, json);
        return new PreparedPart(receipt, PreparedPart.Origin.ENCODED);
    }

    private record Picture(PictureRecords records, Optional<ImageSource.Found> found) {}

    /** A picture whose objects wait for their codes. */
    private record Pending(PictureRecords records, String image, ImageSize size, List<CheckedObject> objects) {}

    /** The state of one run over a part. */
    private final class Work {

        private final PartOutput out;
        private final PictureIntake intake = new PictureIntake(source, images, config.input());
        private final PictureRejects rejects;
        private final RowComposer composer = PrepareTools.composer(config, prompts);
        private final List<Pending> pending = new ArrayList<>();
        private int waiting;

        Work(ObjectMapper json) {
            out = new PartOutput(json);
            rejects = new PictureRejects(source, out);
        }

        PartOutput run(List<Picture> pictures) throws IOException {
            for (Picture picture : pictures) {
                take(picture);
                if (waiting >= WINDOW) {
                    write();
                }
            }
            write();
            return out;
        }

        private void take(Picture picture) throws IOException {
            PictureRecords records = picture.records();
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
            if (records.images().isEmpty()) {
                rejects.recordsOf(
                        records,
                        ReasonCode.ANNOTATION_ORPHAN,
                        Outcome.REJECT_OBJECT,
                        "no image has the id " + records.imageId());
                return;
            }
            if (picture.records().hasSeveralPictures()) {
                String detail = "several files give the image id " + records.imageId()
                        + " to pictures of different names: prepare them in runs of their own";
                rejects.picture(records, records.imageId(), ReasonCode.RECORD_CONTRADICTION, detail, "image");
                rejects.recordsOf(records, ReasonCode.RECORD_CONTRADICTION, Outcome.REJECT_OBJECT, detail);
                return;
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
                rejects.recordsOf(
                        records, last.reason(), Outcome.REJECT_OBJECT, "its image is rejected: " + last.detail());
                return;
            }
            ImageSize size = verdict.size().get();
            List<CheckedObject> objects = checked(records, size).stream()
                    .map(object -> object.turned(verdict.turn(), size))
                    .toList();
            Pending next = new Pending(records, verdict.image(), verdict.turn().apply(size), objects);
            pending.add(next);
            waiting += next.objects().size();
        }

        private List<CheckedObject> checked(PictureRecords records, ImageSize size) throws IOException {
            List<CheckedObject> kept = new ArrayList<>();
            for (ObjectRow row : records.objects()) {
                Optional<Finding> refused = refused(row, kept.size());
                if (refused.isPresent()) {
                    out.finding(RowKind.OBJECT, refused.get(), "object");
                    continue;
                }
                CheckedObject object = ObjectCheck.check(source, row, size);
                for (Finding finding : object.findings()) {
                    out.finding(RowKind.OBJECT, finding, "object");
                }
                if (!object.isRejected()) {
                    kept.add(object);
                }
            }
            return kept;
        }

        private Optional<Finding> refused(ObjectRow row, int kept) {
            if (row.crowd()) {
                return Optional.of(reject(row, ReasonCode.CROWD_REGION, "iscrowd"));
            }
            if (!config.keptLabels().isEmpty() && !config.keptLabels().contains(row.label())) {
                return Optional.of(reject(row, ReasonCode.CATEGORY_FILTERED, row.label() + " is not in labels.keep"));
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

        private void write() throws IOException {
            List<ObjectEncoding.Placed> placed = new ArrayList<>();
            for (Pending picture : pending) {
                picture.objects().forEach(object -> placed.add(new ObjectEncoding.Placed(object, picture.size())));
            }
            ObjectEncoding.Masks masks = prompts.tasks().contains(Task.SEGMENT)
                    ? ObjectEncoding.Masks.ENCODED
                    : ObjectEncoding.Masks.LEFT_OUT;
            List<ObjectEncoding.Encoded> encoded = new ObjectEncoding(
                            config.convention(), PrepareTools.codec(config.codec()), config.codec())
                    .encode(placed, masks);
            int next = 0;
            for (Pending picture : pending) {
                int end = next + picture.objects().size();
                compose(picture, encoded.subList(next, end));
                next = end;
            }
            pending.clear();
            waiting = 0;
        }

        private void compose(Pending picture, List<ObjectEncoding.Encoded> encoded) throws IOException {
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
            ImageRow row = picture.records().images().get(0);
            ImageSample sample = new ImageSample(
                    source,
                    row.imageId(),
                    picture.image(),
                    picture.size(),
                    usable,
                    picture.records().captions(),
                    picture.records().questions(),
                    row.known());
            account(picture, composer.compose(sample));
        }

        private void account(Pending picture, RowComposer.Composition composition) throws IOException {
            String group = splits.group(picture.image(), "");
            SplitPlan.Split split = splits.split(group);
            for (TrainingRow row : composition.rows()) {
                out.row(split, group, row);
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
                        picture.records(),
                        picture.image(),
                        ReasonCode.TASK_NOT_APPLICABLE,
                        "no row to write",
                        "compose");
            } else {
                out.ledger().written(RowKind.IMAGE, picture.records().images().size());
                out.picture(split);
            }
        }

        private Finding finding(Pending picture, String object, ReasonCode reason, String detail) {
            return new Finding(source, picture.image(), object, reason, Outcome.REJECT_OBJECT, detail);
        }
    }
}
