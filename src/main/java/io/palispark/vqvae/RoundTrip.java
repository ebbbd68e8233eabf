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

    /**
     * One object after its round trip.
     *
     * @param bins the box's
     * @param codes the mask's
     * @param pasted what the tokens give back
     * @param iou of {@code pasted} with the original mask; 0 where the paste box collapses
     */
    public record Result(LocationBins bins, SegmentationCodes codes, RunLengthMask pasted, double iou) {}

    /**
     * How far the bins are from the box.
     *
     * @param iou of the box and the one that its bins stand for
     * @param largestShift of an edge, in pixels
     */
    public record BoxError(double iou, double largestShift) {}

    /** What the encoder sees of an object and says to it; empty when its crop has no pixel. */
    public Optional<MaskEncoder.Encoding> encode(RunLengthMask mask, Box box) {
        PixelBox crop = quantizer.cropBox(box, mask.size());
        return crop.isEmpty()
                ? Optional.empty()
                : Optional.of(codec.encoder()
                        .encodeWithDistances(List.of(MaskResampler.softMask(mask, crop)))
                        .get(0));
    }

    /** With the encoder's codes; empty when the crop has no pixel. */
    public Optional<Result> measure(RunLengthMask mask, Box box) {
        return encode(mask, box).map(encoding -> measure(mask, quantizer.bins(box, mask.size()), encoding.codes()));
    }

    /** With refined codes and bins; empty when the crop has no pixel. */
    public Optional<Result> measureRefined(RunLengthMask mask, Box box, RefinementEffort effort) {
        return encode(mask, box).map(encoding -> {
            CodeRefiner.Refinement refinement =
                    new CodeRefiner(codec, quantizer, effort).refine(mask, quantizer.bins(box, mask.size()), encoding);
            return measure(mask, refinement.bins(), refinement.codes());
        });
    }

    /** With given bins and codes, of whatever origin. */
    public Result measure(RunLengthMask mask, LocationBins bins, SegmentationCodes codes) {
        float[] decoded = codec.decoder().decode(List.of(codes)).get(0);
        RunLengthMask pasted = MaskPaster.paste(decoded, quantizer.pasteBox(bins, mask.size()), mask.size());
        return new Result(bins, codes, pasted, pasted.iou(mask));
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
