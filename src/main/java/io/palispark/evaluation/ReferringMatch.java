package io.palispark.evaluation;

import io.palispark.geometry.RunLengthMask;
import io.palispark.token.LocationBins;
import io.palispark.token.NormalizedBox;
import java.io.Serializable;

/**
 * One expression of referring segmentation against its object, by big_vision's rules ({@code
 * evaluators/proj/paligemma/transfers/segmentation.py}): boxes are compared as fractions of the image with bins over
 * 1023, masks at full resolution, and object pixels outside the predicted box count in the union.
 *
 * @param outcome whether a mask could be taken from the tokens
 * @param boxOverlap intersection over union of the boxes, 0 without valid tokens
 * @param intersection pixels in both masks
 * @param union pixels in either mask; without a predicted mask the object's pixels
 */
public record ReferringMatch(Outcome outcome, double boxOverlap, long intersection, long union)
        implements Serializable {

    /** What the generated tokens amount to. */
    public enum Outcome {
        MASK,
        /** Valid tokens whose box holds no whole pixel: the box counts, the mask is invalid. */
        COLLAPSED,
        /** The first twenty tokens are not four locations and sixteen codes, or the box is reversed or empty. */
        INVALID
    }

    private static final double DIVISOR = 1023;

    /** Tokens that give no box and no mask. */
    public static ReferringMatch invalid(RunLengthMask truth) {
        return new ReferringMatch(Outcome.INVALID, 0, 0, truth.area());
    }

    /** A box that holds no whole pixel. */
    public static ReferringMatch collapsed(LocationBins bins, NormalizedBox truthBox, RunLengthMask truth) {
        return new ReferringMatch(Outcome.COLLAPSED, boxOverlap(bins, truthBox), 0, truth.area());
    }

    /** A decoded mask, pasted into the image. */
    public static ReferringMatch of(
            LocationBins bins, RunLengthMask predicted, NormalizedBox truthBox, RunLengthMask truth) {
        long intersection = predicted.intersectionArea(truth);
        return new ReferringMatch(
                Outcome.MASK, boxOverlap(bins, truthBox), intersection, predicted.area() + truth.area() - intersection);
    }

    /** Intersection over union of the masks, 0 where nothing is common. */
    public double overlap() {
        return intersection == 0 ? 0 : (double) intersection / union;
    }

    /** In double, except that extents which only the float32 object box decides stay float32, as NumPy leaves them. */
    private static double boxOverlap(LocationBins bins, NormalizedBox truth) {
        double top = bins.y1() / DIVISOR;
        double left = bins.x1() / DIVISOR;
        double bottom = bins.y2() / DIVISOR;
        double right = bins.x2() / DIVISOR;
        float truthHeight = truth.ymax() - truth.ymin();
        float truthWidth = truth.xmax() - truth.xmin();
        float truthArea = truthHeight * truthWidth;
        boolean spansHeight = top < truth.ymin() && truth.ymax() < bottom;
        boolean spansWidth = left < truth.xmin() && truth.xmax() < right;
        double down =
                spansHeight ? truthHeight : Math.max(0, Math.min(bottom, truth.ymax()) - Math.max(top, truth.ymin()));
        double across =
                spansWidth ? truthWidth : Math.max(0, Math.min(right, truth.xmax()) - Math.max(left, truth.xmin()));
        double common = spansHeight && spansWidth ? truthArea : down * across;
        return common == 0 ? 0 : common / ((right - left) * (bottom - top) + truthArea - common);
    }
}
