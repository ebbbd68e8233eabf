package io.palispark.job;

import io.palispark.geometry.PixelBox;
import io.palispark.geometry.RunLengthMask;

/**
 * A mask as an SVG path: every foreground run is one upright bar per column.
 *
 * @param mask the pixels
 */
record MaskPath(RunLengthMask mask) {

    static MaskPath of(RunLengthMask mask) {
        return new MaskPath(mask);
    }

    /**
     * Two masks of one image cut to their common block.
     *
     * @param height of the drawing in pixels
     * @param width of the drawing in pixels, both masks and a gap
     */
    record Pair(int height, int width, String left, String right) {}

    static Pair sideBySide(MaskPath left, MaskPath right) {
        PixelBox one = left.mask.pixelBounds();
        PixelBox other = right.mask.isEmpty() ? one : right.mask.pixelBounds();
        int top = Math.min(one.top(), other.top()) - 1;
        int leftmost = Math.min(one.left(), other.left()) - 1;
        int height = Math.max(one.bottom(), other.bottom()) + 1 - top;
        int width = Math.max(one.right(), other.right()) + 1 - leftmost;
        return new Pair(height, 2 * width, left.shifted(-leftmost, -top), right.shifted(width - leftmost, -top));
    }

    /** The path in image pixels. */
    String path() {
        return shifted(0, 0);
    }

    /** A coarser path of every so many columns, each drawn as wide as the gap. */
    String path(int step) {
        return drawn(0, 0, step);
    }

    private String shifted(int right, int down) {
        return drawn(right, down, 1);
    }

    private String drawn(int right, int down, int step) {
        StringBuilder path = new StringBuilder();
        int height = mask.size().height();
        long at = 0;
        for (int i = 0; i < mask.runCount(); i++) {
            long end = at + mask.run(i);
            for (long from = at; i % 2 == 1 && from < end; ) {
                long column = from / height;
                long to = Math.min(end, (column + 1) * height);
                if (column % step == 0) {
                    path.append(
                            "M%d %dh%dv%dh-%dz".formatted(column + right, from % height + down, step, to - from, step));
                }
                from = to;
            }
            at = end;
        }
        return path.toString();
    }
}
