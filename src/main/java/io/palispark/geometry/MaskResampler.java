package io.palispark.geometry;

import java.util.Arrays;

/**
 * A block of a mask as the 64 x 64 soft mask that the mask encoder reads: equal, bit for bit, to painting the block with
 * 0 and 255 and taking {@code tf.image.resize(block, [64, 64], "bilinear", antialias=True) / 255} (eager TensorFlow).
 *
 * <p>The block is never painted. TensorFlow sums rows first, then columns, each in source order and without fused
 * multiply-add; background adds exactly nothing, so only foreground spans are summed, and a window that a span enters
 * from above is a prefix sum known beforehand. Cost: the mask's runs up to the block's last column, 64 sums per column
 * of the block, and the pixels of windows in which a span starts.
 */
public final class MaskResampler {

    /** Rows and columns of a soft mask. */
    public static final int SIDE = TriangleWindows.OUTPUTS;

    private static final float FOREGROUND = 255f;

    private final TriangleWindows rows;
    private final TriangleWindows columns;
    /** [output row, source row of its window]: the sum of a column that is foreground from the window's start. */
    private final float[] prefix;

    private final int prefixStride;
    /** [output row]: the sum of a column that is foreground in the whole window. */
    private final float[] complete = new float[SIDE];
    /** One source column after the row pass. */
    private final float[] column = new float[SIDE];
    /** [output column, output row]: sums so far of the column pass. */
    private final float[] sums = new float[SIDE * SIDE];

    private MaskResampler(int height, int width) {
        rows = new TriangleWindows(height);
        columns = height == width ? rows : new TriangleWindows(width);
        prefixStride = rows.longest() + 1;
        prefix = new float[SIDE * prefixStride];
        for (int y = 0; y < SIDE; y++) {
            int base = y * prefixStride - rows.first(y);
            for (int source = rows.first(y); source < rows.end(y); source++) {
                prefix[base + source + 1] = prefix[base + source] + rows.weight(y, source) * FOREGROUND;
            }
            complete[y] = prefix[base + rows.end(y)];
        }
    }

    /**
     * The soft mask of a block.
     *
     * @param crop a block inside the image, at least one pixel
     * @return {@link #SIDE} x {@link #SIDE}, row-major, in [0, 1]
     */
    public static float[] softMask(RunLengthMask mask, PixelBox crop) {
        float[] target = new float[SIDE * SIDE];
        softMask(mask, crop, target, 0);
        return target;
    }

    /**
     * Writes the soft mask of a block into a batch.
     *
     * @param crop a block inside the image, at least one pixel, at most 2^24 on a side
     * @param target receives {@link #SIDE} x {@link #SIDE} values, row-major, in [0, 1]
     * @param offset index of the first value written
     */
    public static void softMask(RunLengthMask mask, PixelBox crop, float[] target, int offset) {
        if (crop.isEmpty() || !crop.clippedTo(mask.size()).equals(crop)) {
            throw new IllegalArgumentException("Cannot resample " + crop + " of a " + mask.size()
                    + " mask: the block must lie inside and hold a pixel");
        }
        if (Math.max(crop.height(), crop.width()) > TriangleWindows.MAX_SOURCES) {
            throw new IllegalArgumentException(
                    "Cannot resample " + crop + ": a side has more than " + TriangleWindows.MAX_SOURCES + " pixels");
        }
        MaskResampler resampler = new MaskResampler(crop.height(), crop.width());
        resampler.sum(mask, crop);
        resampler.write(target, offset);
    }

    private void sum(RunLengthMask mask, PixelBox crop) {
        ColumnSpans spans = new ColumnSpans(mask, crop);
        int current = -1;
        while (spans.next()) {
            int x = spans.column() - crop.left();
            if (x != current) {
                if (current >= 0) {
                    addColumn(current);
                    Arrays.fill(column, 0);
                }
                current = x;
            }
            addSpan(spans.firstRow() - crop.top(), spans.endRow() - crop.top());
        }
        if (current >= 0) {
            addColumn(current);
        }
    }

    /** Row pass of one span: windows that begin above it, those it fills, and those that reach beyond its end. */
    private void addSpan(int start, int end) {
        int inside = rows.begunBefore(start);
        int beyond = rows.begunBefore(end);
        int filled = rows.endedBy(end);
        for (int y = rows.endedBy(start); y < Math.min(inside, beyond); y++) {
            int stop = Math.min(end, rows.end(y));
            float sum = column[y];
            for (int source = start; source < stop; source++) {
                sum += rows.weight(y, source) * FOREGROUND;
            }
            column[y] = sum;
        }
        if (filled > inside) {
            System.arraycopy(complete, inside, column, inside, filled - inside);
        }
        for (int y = Math.max(inside, filled); y < beyond; y++) {
            column[y] = prefix[y * prefixStride + end - rows.first(y)];
        }
    }

    /**
     * Column pass of the source column just summed. The inner loop is the hot one (MaskResamplerTest prints its time) and
     * is written to be vectorised.
     */
    private void addColumn(int source) {
        int end = columns.begunBefore(source + 1);
        for (int x = columns.endedBy(source); x < end; x++) {
            float weight = columns.weight(x, source);
            int base = x * SIDE;
            for (int y = 0; y < SIDE; y++) {
                sums[base + y] += weight * column[y];
            }
        }
    }

    private void write(float[] target, int offset) {
        for (int i = 0; i < sums.length; i++) {
            sums[i] /= FOREGROUND;
        }
        for (int x = 0; x < SIDE; x++) {
            for (int y = 0; y < SIDE; y++) {
                target[offset + y * SIDE + x] = sums[x * SIDE + y];
            }
        }
    }
}
