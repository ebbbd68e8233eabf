package io.palispark.job;

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
    record Perfect(List<Detected> boxes, List<Detected> masks, Mean overlap) {}

    /** Crowd regions and objects without a mask are left out: without a mask the size of the image is not known. */
    Perfect perfect(List<EvaluationItem.Truth> truths) {
        List<Detected> boxes = new ArrayList<>();
        List<Detected> masks = new ArrayList<>();
        Mean overlap = Mean.NONE;
        for (EvaluationItem.Truth truth : truths) {
            if (truth.crowd() || truth.mask() == null) {
                continue;
            }
            RunLengthMask mask = truth.mask();
            ImageSize image = mask.size();
            Optional<RoundTrip.Result> back = roundTrip.measure(mask, truth.box());
            RunLengthMask pasted = back.map(RoundTrip.Result::pasted).orElseGet(() -> RunLengthMask.empty(image));
            Detected perfect = new Detected(
                    truth.label(), quantizer.box(quantizer.bins(truth.box(), image), image), pasted, pasted.area(), 1);
            boxes.add(perfect);
            masks.add(perfect);
            overlap = overlap.plus(back.map(RoundTrip.Result::iou).orElse(0.0));
        }
        return new Perfect(boxes, masks, overlap);
    }
}
