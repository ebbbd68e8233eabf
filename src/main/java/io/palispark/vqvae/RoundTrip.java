package io.palispark.vqvae;

import io.palispark.geometry.Box;
import io.palispark.geometry.ImageSize;
import io.palispark.geometry.MaskResampler;
import io.palispark.geometry.PixelBox;
import io.palispark.geometry.RunLengthMask;
import io.palispark.token.BoxQuantizer;
import io.palispark.token.Convention;
import io.palispark.token.LocationBins;
import io.palispark.token.SegmentationCodes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What 20 tokens keep of an object: mask to codes and back on the image, by the rules of one convention. Safe for
 * concurrent use.
 */
public final class RoundTrip {

    private final MaskCodec codec;
    private final BoxQuantizer quantizer;

    public RoundTrip(MaskCodec codec, Convention convention) {
        this.codec = codec;
        this.quantizer = new BoxQuantizer(convention);
    }

    /** An object to try: its mask, and its box in pixels of the mask's image. */
    public record Subject(RunLengthMask mask, Box box) {}

    /**
     * One object after its round trip.
     *
     * @param bins the box's
     * @param codes the mask's
     * @param decoded 64 x 64, what the decoder made of the codes, before it is pasted
     * @param pasted what the tokens give back
     * @param iou of {@code pasted} with the original mask; 0 where the paste box collapses
     */
    public record Result(
            LocationBins bins, SegmentationCodes codes, float[] decoded, RunLengthMask pasted, double iou) {}

    /**
     * How far the bins are from the box.
     *
     * @param iou of the box and the one that its bins stand for
     * @param largestShift of an edge, in pixels
     */
    public record BoxError(double iou, double largestShift) {}

    /** With the encoder's codes, in the given order; empty for an object whose crop has no pixel. */
    public List<Optional<Result>> measure(List<Subject> subjects) {
        List<Subject> seen = new ArrayList<>();
        List<float[]> soft = new ArrayList<>();
        for (Subject subject : subjects) {
            PixelBox crop = crop(subject);
            if (!crop.isEmpty()) {
                seen.add(subject);
                soft.add(MaskResampler.softMask(subject.mask(), crop));
            }
        }
        List<SegmentationCodes> codes = codec.encoder().encode(soft);
        List<float[]> decoded = codec.decoder().decode(codes);
        List<Optional<Result>> results = new ArrayList<>();
        int next = 0;
        for (Subject subject : subjects) {
            if (next == seen.size() || seen.get(next) != subject) {
                results.add(Optional.empty());
            } else {
                LocationBins bins = quantizer.bins(subject.box(), subject.mask().size());
                results.add(Optional.of(paste(subject.mask(), bins, codes.get(next), decoded.get(next))));
                next++;
            }
        }
        return results;
    }

    /** With the encoder's codes; empty when the crop has no pixel. */
    public Optional<Result> measure(RunLengthMask mask, Box box) {
        return measure(List.of(new Subject(mask, box))).get(0);
    }

    /** With refined codes and bins; empty when the crop has no pixel. */
    public Optional<Result> measureRefined(RunLengthMask mask, Box box, RefinementEffort effort) {
        PixelBox crop = crop(new Subject(mask, box));
        if (crop.isEmpty()) {
            return Optional.empty();
        }
        List<float[]> soft = List.of(MaskResampler.softMask(mask, crop));
        CodeRefiner.Refinement refined = new CodeRefiner(codec, quantizer, effort)
                .refine(
                        mask,
                        quantizer.bins(box, mask.size()),
                        codec.encoder().encodeWithDistances(soft).get(0));
        float[] decoded = codec.decoder().decode(List.of(refined.codes())).get(0);
        return Optional.of(paste(mask, refined.bins(), refined.codes(), decoded));
    }

    /** With bins, codes and what the decoder made of them at hand. */
    public Result paste(RunLengthMask mask, LocationBins bins, SegmentationCodes codes, float[] decoded) {
        RunLengthMask pasted = MaskPaster.paste(decoded, quantizer.pasteBox(bins, mask.size()), mask.size());
        return new Result(bins, codes, decoded, pasted, pasted.iou(mask));
    }

    private PixelBox crop(Subject subject) {
        return quantizer.cropBox(subject.box(), subject.mask().size());
    }

    /** What quantizing does to a box, whatever its mask. */
    public BoxError boxError(Box box, ImageSize image) {
        Box back = quantizer.box(quantizer.bins(box, image), image);
        double shift = Math.max(
                Math.max(Math.abs(back.x() - box.x()), Math.abs(back.y() - box.y())),
                Math.max(Math.abs(back.right() - box.right()), Math.abs(back.bottom() - box.bottom())));
        return new BoxError(back.iou(box), shift);
    }
}
