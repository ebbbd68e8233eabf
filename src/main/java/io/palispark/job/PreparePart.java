package io.palispark.job;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.palispark.dataset.PromptPlan;
import io.palispark.dataset.SplitPlan;
import io.palispark.spark.AnnotationParts;
import io.palispark.spark.CommittedFolder;
import io.palispark.spark.ImageSource;
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
    public PreparedPart build(int part, Iterator<List<SourcedRecord>> records) throws IOException {
        ObjectMapper json = new ObjectMapper();
        PartFingerprint fingerprint = new PartFingerprint();
        fingerprint.with(settings + prompts.vocabulary());
        List<Picture> pictures = new ArrayList<>();
        while (records.hasNext()) {
            List<SourcedRecord> ofOneImage = records.next();
            fingerprint.add(ofOneImage);
            for (PictureRecords picture : PictureRecords.of(ofOneImage)) {
                Optional<ImageSource.Found> found = picture.find(images);
                String name = found.map(ImageSource.Found::name).orElse("");
                SplitPlan.Place place = splits.place(name, picture.group(), picture.split());
                fingerprint.add(found, place.toString());
                pictures.add(new Picture(picture, found, place));
            }
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
        PartReceipt receipt = run(pictures, json).stage(output, part, inputWithNames);
        output.finish(receipt, json);
        return new PreparedPart(receipt, PreparedPart.Origin.ENCODED);
    }

    private record Picture(PictureRecords records, Optional<ImageSource.Found> found, SplitPlan.Place place) {}

    private PartOutput run(List<Picture> pictures, ObjectMapper json) throws IOException {
        PartOutput out = new PartOutput(json);
        PictureAdmission admission = new PictureAdmission(config, images, source, out);
        try (PictureRows rows = new PictureRows(config, prompts, source, out)) {
            for (Picture picture : pictures) {
                Optional<AdmittedPicture> admitted =
                        admission.admit(picture.records(), picture.found(), picture.place());
                if (admitted.isPresent()) {
                    rows.add(admitted.get());
                }
            }
            rows.flush();
            return out;
        }
    }
}
