package io.palispark.job;

import io.palispark.geometry.Box;
import io.palispark.geometry.ImageSize;
import io.palispark.geometry.RunLengthMask;
import io.palispark.job.EvaluationItem.Detected;
import io.palispark.job.ImageOutcome.Mean;
import io.palispark.token.BoxQuantizer;
import io.palispark.token.Convention;
import io.palispark.vqvae.MaskCodec;
import io.palispark.vqvae.RoundTrip;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a model that wrote perfect tokens would be scored with: annotated objects through bins, codec and paste. */
final class CodecCeiling {

    private final RoundTrip roundTrip;
    private final BoxQuantizer quantizer;

    CodecCeiling(MaskCodec codec, Convention convention) {
        this.roundTrip = new RoundTrip(codec, convention);
        this.quantizer = new BoxQuantizer(convention);
    }

    /**
     * Annotated objects as perfect predictions.
     *
     * @param overlap of the masks with their originals; an object without a crop counts as 0
     */
    record Perfect(List<Detected> objects, Mean overlap) {}

    /** Crowd regions and objects without a mask are left out: without a mask the size of the image is not known. */
    Perfect perfect(List<EvaluationItem.Truth> truths) {
        List<EvaluationItem.Truth> masked = truths.stream()
                .filter(truth -> !truth.crowd() && truth.mask() != null)
                .toList();
        List<Optional<RoundTrip.Result>> results = roundTrip.measure(masked.stream()
                .map(truth -> new RoundTrip.Subject(truth.mask(), truth.box()))
                .toList());
        List<Detected> perfect = new ArrayList<>();
        Mean overlap = Mean.NONE;
        for (int i = 0; i < masked.size(); i++) {
            EvaluationItem.Truth truth = masked.get(i);
            ImageSize image = truth.mask().size();
            Optional<RoundTrip.Result> back = results.get(i);
            RunLengthMask pasted = back.map(RoundTrip.Result::pasted).orElseGet(() -> RunLengthMask.empty(image));
            Box box = quantizer.box(quantizer.bins(truth.box(), image), image);
            perfect.add(new Detected(truth.label(), box, pasted, pasted.area(), 1));
            overlap = overlap.plus(back.map(RoundTrip.Result::iou).orElse(0.0));
        }
        return new Perfect(perfect, overlap);
    }
}
