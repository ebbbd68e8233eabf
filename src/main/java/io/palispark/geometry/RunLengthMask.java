package io.palispark.geometry;

import java.util.Arrays;
import java.util.List;

/**
 * The pixels of one object on an image, as run lengths in column-major order (pixel (row, column) has position
 * {@code column * height + row}), alternating background and foreground, background first.
 *
 * <p>Always normal: only the first run may be 0, and no run ends past the last pixel, so equal masks have equal runs.
 * Immutable. Positions are {@code int}: an image has at most {@link #MAX_PIXELS} pixels, and every factory throws
 * {@link IllegalArgumentException} for a larger one.
 */
public final class RunLengthMask implements Region {

    /** Most pixels of an image that masks can be made for, 2^31 - 1. */
    public static final long MAX_PIXELS = Integer.MAX_VALUE;

    private static final long serialVersionUID = 1L;

    private final ImageSize size;
    private final int[] runs;

    /** Takes ownership of runs that are already normal and sum to the image's pixels. */
    RunLengthMask(ImageSize size, int[] normalRuns) {
        this.size = size;
        this.runs = normalRuns;
    }

    /**
     * The mask of uncompressed COCO counts. Zero runs anywhere are legal and fused.
     *
     * @param runs background first; copied
     * @throws RunLengthException for a negative run or a sum other than the image's pixels
     */
    public static RunLengthMask of(ImageSize size, int... runs) {
        requireRepresentable(size);
        long sum = 0;
        for (int i = 0; i < runs.length; i++) {
            if (runs[i] < 0) {
                throw new RunLengthException(
                        RunLengthFault.COUNT_OUT_OF_RANGE, size, "run " + i + " is " + runs[i] + ", below 0");
            }
            sum += runs[i];
        }
        requireSum(size, sum);
        return normal(size, runs);
    }

    /**
     * The mask of a compressed COCO counts string, read strictly: the whole string, and not a pixel more or less than
     * the image has.
     *
     * @throws RunLengthException for the first fault in this order: alphabet, then value by value truncation and range,
     *     then the sum
     */
    public static RunLengthMask parse(ImageSize size, String counts) {
        requireRepresentable(size);
        return normal(size, RunLengthString.parse(size, counts));
    }

    public static RunLengthMask empty(ImageSize size) {
        return new RunLengthBuilder(size, 0).build();
    }

    /**
     * The mask of a painted image.
     *
     * @param bitmap height x width, row-major; every non-zero value is foreground
     */
    public static RunLengthMask ofBitmap(ImageSize size, byte[] bitmap) {
        return placed(size, size.block(), bitmap);
    }

    /**
     * A full-size mask that is a small bitmap pasted on background; costs the bitmap's pixels, not the image's. Pixels
     * beyond the image are cut off.
     *
     * @param box where the bitmap lies
     * @param bitmap height x width of the box, row-major; every non-zero value is foreground
     */
    public static RunLengthMask placed(ImageSize size, PixelBox box, byte[] bitmap) {
        if (box.isEmpty() || (long) box.height() * box.width() != bitmap.length) {
            throw new IllegalArgumentException(
                    "Cannot place a bitmap of " + bitmap.length + " pixels at " + box + ": the box has another size");
        }
        PixelBox inside = box.clippedTo(size);
        RunLengthBuilder mask = new RunLengthBuilder(size, 2 * Math.max(1, inside.width()) + 1);
        for (int column = inside.left(); column < inside.right(); column++) {
            int position = column * size.height() + inside.top();
            int index = (inside.top() - box.top()) * box.width() + column - box.left();
            for (int row = inside.top(); row < inside.bottom(); row++, position++, index += box.width()) {
                if (bitmap[index] != 0) {
                    mask.foreground(position, position + 1);
                }
            }
        }
        return mask.build();
    }

    /** Pixels in at least one of the masks. */
    public static RunLengthMask union(List<RunLengthMask> masks) {
        return RunLengthSet.fold(masks, RunLengthSet::union);
    }

    /** Pixels in all of the masks. */
    public static RunLengthMask intersection(List<RunLengthMask> masks) {
        return RunLengthSet.fold(masks, RunLengthSet::intersection);
    }

    public RunLengthMask union(RunLengthMask other) {
        return RunLengthSet.union(this, other);
    }

    public RunLengthMask intersection(RunLengthMask other) {
        return RunLengthSet.intersection(this, other);
    }

    /** Pixels in both masks. */
    public long intersectionArea(RunLengthMask other) {
        return RunLengthSet.intersectionArea(this, other);
    }

    /** Intersection over union; 0 where nothing is common, also between two empty masks. */
    public double iou(RunLengthMask other) {
        long common = intersectionArea(other);
        return common == 0 ? 0 : (double) common / (area() + other.area() - common);
    }

    /**
     * The share of this mask's pixels that lie in the region: what COCO's evaluation takes for IoU where this is a
     * detection and the region a crowd. 0 for an empty mask.
     */
    public double coveredBy(RunLengthMask region) {
        long common = intersectionArea(region);
        return common == 0 ? 0 : (double) common / area();
    }

    public ImageSize size() {
        return size;
    }

    /** The compressed COCO counts string. */
    public String counts() {
        return RunLengthString.format(runs);
    }

    /** The run lengths, background first; a copy. */
    public int[] runs() {
        return runs.clone();
    }

    /** Number of runs, at least 1. */
    public int runCount() {
        return runs.length;
    }

    /** The length of one run; odd indices are foreground. */
    public int run(int index) {
        return runs[index];
    }

    /** The run lengths themselves, not to be changed. */
    int[] runsUnsafe() {
        return runs;
    }

    /** Number of foreground pixels. */
    public long area() {
        long area = 0;
        for (int i = 1; i < runs.length; i += 2) {
            area += runs[i];
        }
        return area;
    }

    public boolean isEmpty() {
        return runs.length == 1;
    }

    /** The smallest block that holds all foreground pixels; 0,0,0,0 when there are none. */
    public PixelBox pixelBounds() {
        if (isEmpty()) {
            return new PixelBox(0, 0, 0, 0);
        }
        int height = size.height();
        int top = height - 1;
        int bottom = 0;
        int start = 0;
        int end = 0;
        for (int i = 1; i < runs.length; i += 2) {
            start = end + runs[i - 1];
            end = start + runs[i];
            int firstRow = start % height;
            int lastRow = firstRow + runs[i] - 1;
            boolean crossesColumns = lastRow >= height || lastRow < 0;
            top = crossesColumns ? 0 : Math.min(top, firstRow);
            bottom = crossesColumns ? height - 1 : Math.max(bottom, lastRow);
        }
        return new PixelBox(top, runs[0] / height, bottom + 1, (end - 1) / height + 1);
    }

    /** {@link #pixelBounds()} as a continuous box: pycocotools' toBbox, zeros when empty. */
    public Box bounds() {
        PixelBox bounds = pixelBounds();
        return Box.between(bounds.left(), bounds.top(), bounds.right(), bounds.bottom());
    }

    /**
     * The painted pixels of a block.
     *
     * @param crop a block inside the image
     * @return height x width of the block, row-major, 1 for foreground and 0 for background
     */
    public byte[] bitmap(PixelBox crop) {
        if (crop.isEmpty() || !crop.clippedTo(size).equals(crop)) {
            throw new IllegalArgumentException(
                    "Cannot paint " + crop + " of a " + size + " mask: the block must lie inside and hold a pixel");
        }
        byte[] bitmap = new byte[Math.multiplyExact(crop.height(), crop.width())];
        ColumnSpans spans = new ColumnSpans(this, crop);
        while (spans.next()) {
            int index = (spans.firstRow() - crop.top()) * crop.width() + spans.column() - crop.left();
            for (int row = spans.firstRow(); row < spans.endRow(); row++, index += crop.width()) {
                bitmap[index] = 1;
            }
        }
        return bitmap;
    }

    /** The painted image: height x width, row-major, 1 for foreground and 0 for background. */
    public byte[] bitmap() {
        return bitmap(size.block());
    }

    static void requireRepresentable(ImageSize size) {
        if (size.pixels() > MAX_PIXELS) {
            throw new IllegalArgumentException(
                    "Cannot make a mask of a " + size + " image: it has more than " + MAX_PIXELS + " pixels");
        }
    }

    static void requireSum(ImageSize size, long sum) {
        if (sum != size.pixels()) {
            throw new RunLengthException(
                    sum < size.pixels() ? RunLengthFault.SUM_TOO_SMALL : RunLengthFault.SUM_TOO_LARGE,
                    size,
                    "the runs cover " + sum + " of " + size.pixels() + " pixels");
        }
    }

    private static RunLengthMask normal(ImageSize size, int[] runs) {
        RunLengthBuilder mask = new RunLengthBuilder(size, runs.length);
        int end = 0;
        for (int i = 1; i < runs.length; i += 2) {
            int start = end + runs[i - 1];
            end = start + runs[i];
            mask.foreground(start, end);
        }
        return mask.build();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RunLengthMask mask && size.equals(mask.size) && Arrays.equals(runs, mask.runs);
    }

    @Override
    public int hashCode() {
        return 31 * size.hashCode() + Arrays.hashCode(runs);
    }

    @Override
    public String toString() {
        return "RunLengthMask[" + size + " " + counts() + "]";
    }
}
