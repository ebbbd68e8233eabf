package io.palispark.job;

import io.palispark.evaluation.LabelMatching;
import io.palispark.geometry.Box;
import io.palispark.geometry.ImageSize;
import io.palispark.geometry.RunLengthMask;
import io.palispark.job.Prediction.Answer;
import io.palispark.job.Prediction.DetectedObject;
import io.palispark.job.Prediction.Failure;
import io.palispark.job.Prediction.ModelText;
import io.palispark.paligemma.PaliGemmaTokenizer;
import io.palispark.token.BoxQuantizer;
import io.palispark.token.PromptClasses;
import io.palispark.token.SegmentationCodes;
import io.palispark.vqvae.MaskCodec;
import io.palispark.vqvae.MaskPaster;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * Generated texts to predictions: parsed, scored, checked against the prompt, masks decoded together and pasted. One
 * instance a task; what it was given is shared by the process.
 */
public final class AnswerReader {

    /** A good number of texts for one call of {@link #read}: fills the mask decoder's batches. */
    public static final int BATCH = 64;

    private final MaskCodec codec;
    private final AnswerRules rules;
    private final Optional<PaliGemmaTokenizer> tokenizer;
    private final BoxQuantizer quantizer;
    private final Optional<LabelMatching> knownLabels;

    /** @param tokenizer of the model that wrote the texts, which scores need; without it every score is 1 */
    public AnswerReader(MaskCodec codec, AnswerRules rules, Optional<PaliGemmaTokenizer> tokenizer) {
        this.codec = codec;
        this.rules = rules;
        this.tokenizer = tokenizer;
        this.quantizer = new BoxQuantizer(rules.convention());
        this.knownLabels = rules.labels().known().isEmpty()
                ? Optional.empty()
                : Optional.of(matching(rules.labels().known()));
    }

    /**
     * A text and what it answers.
     *
     * @param size of the picture, or the tile of one, that boxes and masks will refer to, empty when unknown
     */
    public record Asked(String image, String prefix, Optional<ImageSize> size, ModelText text, View view) {

        /** A text about a whole picture. */
        public Asked(String image, String prefix, Optional<ImageSize> size, ModelText text) {
            this(image, prefix, size, text, View.PICTURE);
        }
    }

    /** What a text is about. */
    public enum View {
        PICTURE,
        /** Overlaps are left in, as those across tiles count too. */
        TILE
    }

    /** One prediction a text, in order. */
    public List<Prediction> read(List<Asked> texts) {
        List<Draft> drafts = texts.stream().map(this::draft).toList();
        List<SegmentationCodes> codes = drafts.stream()
                .flatMap(draft -> draft.candidates().stream())
                .flatMap(candidate -> candidate.object().codes().stream())
                .toList();
        Iterator<float[]> decoded = codec.decoder().decode(codes).iterator();
        return drafts.stream().map(draft -> finished(draft, decoded)).toList();
    }

    /** A text after parsing. The failure is null unless it cannot be given geometry. */
    private record Draft(Asked asked, AnswerText text, Failure failure) {

        List<AnswerText.Candidate> candidates() {
            return failure == null ? text.candidates() : List.of();
        }
    }

    private Draft draft(Asked asked) {
        Optional<PromptClasses> prompt = PromptClasses.parse(asked.prefix());
        Optional<LabelMatching> matching = knownLabels.or(() -> prompt.map(PromptClasses::classes)
                .filter(classes -> !classes.isEmpty())
                .map(this::matching));
        AnswerText text = AnswerText.read(asked.text(), prompt, rules, matching, tokenizer);
        return new Draft(asked, text, failure(asked, text));
    }

    private LabelMatching matching(List<String> names) {
        return new LabelMatching(
                names, rules.labels().leniency(), rules.labels().leastSimilarity());
    }

    private static Failure failure(Asked asked, AnswerText text) {
        if (text.candidates().isEmpty()) {
            return null;
        }
        if (asked.size().isEmpty()) {
            return new Failure(
                    "image-size-missing",
                    "Cannot place the objects of " + asked.image() + ": its width and height are unknown");
        }
        ImageSize size = asked.size().get();
        return size.pixels() <= RecordFields.MOST_PIXELS
                ? null
                : new Failure(
                        "image-too-large",
                        "Cannot paste masks on " + asked.image() + ": " + size + " is more than "
                                + RecordFields.MOST_PIXELS + " pixels");
    }

    /** @param decoded hands out the masks of all drafts in order */
    private Prediction finished(Draft draft, Iterator<float[]> decoded) {
        Asked asked = draft.asked();
        if (draft.failure() != null) {
            return new Prediction(asked.image(), asked.prefix(), draft.failure());
        }
        List<DetectedObject> objects = new ArrayList<>();
        for (AnswerText.Candidate candidate : draft.candidates()) {
            objects.add(object(candidate, asked.size().orElseThrow(), decoded));
        }
        OverlapRemoval.Result kept = switch (asked.view()) {
            case PICTURE -> new OverlapRemoval(rules.suppression()).apply(objects);
            case TILE -> new OverlapRemoval.Result(objects, List.of());
        };
        List<Prediction.AnswerDefect> defects = new ArrayList<>(draft.text().defects());
        kept.removed()
                .forEach(place -> defects.add(new Prediction.AnswerDefect(
                        OverlapRemoval.DEFECT,
                        draft.candidates().get(place).at(),
                        objects.get(place).label())));
        return new Prediction(
                asked.image(), asked.prefix(), new Answer(asked.size(), asked.text(), kept.objects(), defects));
    }

    private DetectedObject object(AnswerText.Candidate candidate, ImageSize size, Iterator<float[]> decoded) {
        Box box = quantizer.box(candidate.object().box(), size);
        Optional<RunLengthMask> mask = candidate
                .object()
                .codes()
                .map(codes -> MaskPaster.paste(
                        decoded.next(), quantizer.pasteBox(candidate.object().box(), size), size));
        return new DetectedObject(
                candidate.object().label(),
                box,
                mask,
                candidate.scoring().score(),
                candidate.scoring().scores());
    }
}
