package io.palispark.token;

import io.palispark.geometry.Box;
import io.palispark.geometry.ImageSize;
import io.palispark.geometry.PixelBox;
import java.io.Serializable;

/**
 * Boxes to location bins and back, by the rules of one {@link Convention}. With {@link Convention#BIG_VISION} bins and
 * crops equal those of its op {@code refcoco_mask2str}, and paste boxes those of its segmentation evaluator, for every
 * box inside the image. What lies beyond the image is cut off first.
 */
public final class BoxQuantizer implements Serializable {

    private static final long serialVersionUID = 1L;

    private final Convention convention;

    public BoxQuantizer(Convention convention) {
        this.convention = convention;
    }

    /** The bins of a box in pixels. */
    public LocationBins bins(Box box, ImageSize image) {
        if (!box.isFinite()) {
            throw new IllegalArgumentException("Cannot quantize " + box + ": its edges must be finite numbers");
        }
        return new LocationBins(
                bin(box.y() / image.height()),
                bin(box.x() / image.width()),
                bin(box.bottom() / image.height()),
                bin(box.right() / image.width()));
    }

    /** The bins of a box given as fractions of the image. */
    public LocationBins bins(NormalizedBox box) {
        return new LocationBins(bin(box.ymin()), bin(box.xmin()), bin(box.ymax()), bin(box.xmax()));
    }

    /** The box in pixels that the bins stand for; reversed bins give negative extents. */
    public Box box(LocationBins bins, ImageSize image) {
        return Box.between(
                edge(bins.x1(), image.width()),
                edge(bins.y1(), image.height()),
                edge(bins.x2(), image.width()),
                edge(bins.y2(), image.height()));
    }

    /** The pixels that the mask encoder sees, inside the image; empty when the box collapses or lies outside. */
    public PixelBox cropBox(Box box, ImageSize image) {
        return cropBox(NormalizedBox.of(box, image), image);
    }

    /** The pixels that the mask encoder sees, inside the image; empty when the box collapses or lies outside. */
    public PixelBox cropBox(NormalizedBox box, ImageSize image) {
        return switch (convention.crop()) {
            case ROUNDED_FLOAT32 -> box.rounded(image).clippedTo(image);
        };
    }

    /** The pixels that a decoded mask is pasted to, inside the image; empty when it collapses or is reversed. */
    public PixelBox pasteBox(LocationBins bins, ImageSize image) {
        return new PixelBox(
                start(edge(bins.y1(), image.height())),
                start(edge(bins.x1(), image.width())),
                end(edge(bins.y2(), image.height())),
                end(edge(bins.x2(), image.width())));
    }

    private int bin(double fraction) {
        int divisor = convention.bins().divisor();
        double rounded = switch (convention.rounding()) {
            case HALF_EVEN_FLOAT32 -> Math.rint((float) fraction * (float) divisor);
            case HALF_EVEN -> Math.rint(fraction * divisor);
            case HALF_UP -> Math.floor(fraction * divisor + 0.5);
            case FLOOR -> Math.floor(fraction * divisor);
        };
        return switch (convention.range()) {
            case CLIPPED -> (int) Math.max(0, Math.min(TokenVocabulary.LOCATIONS - 1, rounded));
        };
    }

    private double edge(int bin, int side) {
        return (double) bin / convention.bins().divisor() * side;
    }

    private int start(double edge) {
        return switch (convention.paste()) {
            case FLOORED, OUTWARD -> (int) edge;
            case ROUNDED -> (int) Math.rint(edge);
        };
    }

    private int end(double edge) {
        return switch (convention.paste()) {
            case FLOORED -> (int) edge;
            case ROUNDED -> (int) Math.rint(edge);
            case OUTWARD -> (int) Math.ceil(edge);
        };
    }
}
