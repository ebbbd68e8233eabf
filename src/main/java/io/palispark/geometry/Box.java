package io.palispark.geometry;

/**
 * An axis-parallel box in the continuous image frame: origin at the top-left corner of the top-left pixel, x to the
 * right, y down, pixel (row i, column j) covering [j, j+1) x [i, i+1). The right edge is {@code x + width}, no +1.
 *
 * @param x left edge in pixels
 * @param y top edge in pixels
 * @param width extent to the right, may be zero or negative in unchecked input
 * @param height extent downwards, may be zero or negative in unchecked input
 */
public record Box(double x, double y, double width, double height) implements java.io.Serializable {

    /** The box between two corners. */
    public static Box between(double left, double top, double right, double bottom) {
        return new Box(left, top, right - left, bottom - top);
    }

    public double right() {
        return x + width;
    }

    public double bottom() {
        return y + height;
    }

    public double area() {
        return width * height;
    }

    public boolean isFinite() {
        return Double.isFinite(x) && Double.isFinite(y) && Double.isFinite(width) && Double.isFinite(height);
    }

    /** True when no point lies inside, also for reversed and not-a-number extents. */
    public boolean isEmpty() {
        return !(width > 0 && height > 0);
    }

    /** The part inside the image; {@link #isEmpty() empty} when there is none. Edges already inside keep their bits. */
    public Box clippedTo(ImageSize image) {
        if (x >= 0 && y >= 0 && right() <= image.width() && bottom() <= image.height()) {
            return this;
        }
        double left = Math.max(0, x);
        double top = Math.max(0, y);
        return between(left, top, Math.min(image.width(), right()), Math.min(image.height(), bottom()));
    }

    /** Intersection over union; boxes that only touch give 0 (pycocotools bbIou). */
    public double iou(Box other) {
        double overlap = intersectionArea(other);
        return overlap == 0 ? 0 : overlap / (area() + other.area() - overlap);
    }

    /**
     * The share of this box's area inside the region: what COCO's evaluation takes for IoU where this is a detection and
     * the region a crowd. 0 where they only touch.
     */
    public double coveredBy(Box region) {
        double overlap = intersectionArea(region);
        return overlap == 0 ? 0 : overlap / area();
    }

    /** Area of the common part, 0 where the boxes only touch. */
    public double intersectionArea(Box other) {
        double across = Math.min(right(), other.right()) - Math.max(x, other.x);
        double down = Math.min(bottom(), other.bottom()) - Math.max(y, other.y);
        return across <= 0 || down <= 0 ? 0 : across * down;
    }
}
