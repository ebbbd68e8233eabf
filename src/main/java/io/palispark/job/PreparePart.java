package io.palispark.job;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.palispark.dataset.SplitPlan;
import io.palispark.spark.AnnotationParts;
import io.palispark.spark.CommittedFolder;
import io.palispark.spark.PartReceipt;
import io.palispark.spark.SourcedRecord;
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

    private final PrepareConfig config;
    private final Mixture mixture;
    private final SplitPlan splits;
    private final ViewPictures views;
    private final CommittedFolder output;
    private final String settings;

    /** @param settings hash of everything that rows depend on beside the part's records and pictures */
    PreparePart(
            PrepareConfig config,
            Mixture mixture,
            SplitPlan splits,
            ViewPictures views,
            CommittedFolder output,
            String settings) {
        this.config = config;
        this.mixture = mixture;
        this.splits = splits;
        this.views = views;
        this.output = output;
        this.settings = settings;
    }

    @Override
    public PreparedPart build(int part, Iterator<List<SourcedRecord>> records) throws IOException {
        ObjectMapper json = new ObjectMapper();
        PartFingerprint fingerprint = new PartFingerprint();
        fingerprint.with(settings
                + mixture.sources().stream()
                        .map(source -> source.prompts().vocabulary())
                        .toList());
        List<PlacedPicture> pictures = new ArrayList<>();
        while (records.hasNext()) {
            List<SourcedRecord> ofOneImage = records.next();
            fingerprint.add(ofOneImage);
            for (PictureRecords picture : PictureRecords.of(ofOneImage)) {
                PlacedPicture placed = PlacedPicture.of(picture, mixture, splits, config.labels());
                fingerprint.add(placed.found(), placed.fate());
                pictures.add(placed);
            }
        }
        String input = fingerprint.text();
        // only rejects name the inputs: a part without any outlives the arrival of another input
        String inputWithNames = input + " of " + mixture.annotations();
        Optional<PartReceipt> inPlace = output.inPlace(part, Set.of(input, inputWithNames), json);
        if (inPlace.isPresent()) {
            return new PreparedPart(inPlace.get(), PreparedPart.Origin.IN_PLACE);
        }
        Optional<PartReceipt> finished = output.finished(part, inputWithNames, json);
        if (finished.isPresent()) {
            return new PreparedPart(finished.get(), PreparedPart.Origin.STAGED);
        }
        KeptPictures kept = new KeptPictures(
                config.tiles().writesPictures() ? 0 : config.output().reportPictures(), part);
        PartReceipt receipt =
                run(pictures.stream().map(picture -> picture.watchedBy(kept)).toList(), part, inputWithNames, json);
        output.finish(receipt, json);
        return new PreparedPart(receipt, PreparedPart.Origin.ENCODED, kept.contents());
    }

    private PartReceipt run(List<PlacedPicture> pictures, int part, String input, ObjectMapper json)
            throws IOException {
        PartOutput out = new PartOutput(json, mixture);
        List<SourceWork> sources = mixture.sources().stream()
                .map(source -> new SourceWork(config, source, views, new SourceOutput(out, source)))
                .toList();
        try {
            for (PlacedPicture picture : pictures) {
                sources.get(picture.records().source()).take(picture);
            }
            for (SourceWork source : sources) {
                source.rows.flush();
            }
        } finally {
            sources.forEach(source -> source.rows.close());
        }
        return out.stage(
                output,
                part,
                input,
                sources.stream().map(source -> source.out.ledger()).toList());
    }

    /** The way of one source's pictures through the part. */
    private static final class SourceWork {

        private final SourceOutput out;
        private final PictureAdmission admission;
        private final PictureRows rows;

        SourceWork(PrepareConfig config, MixtureSource source, ViewPictures views, SourceOutput out) {
            this.out = out;
            this.admission = new PictureAdmission(config, source, out);
            this.rows = new PictureRows(config, source.prompts(), views, out);
        }

        void take(PlacedPicture picture) throws IOException {
            Optional<AdmittedPicture> admitted = admission.admit(picture);
            if (admitted.isPresent()) {
                rows.add(admitted.get());
            }
        }
    }
}
