package io.palispark.geometry;

import java.util.Arrays;

/** Mirror images and the transpose of a mask, from run lengths to run lengths. */
final class MaskSymmetry {

    private MaskSymmetry() {}

    /** The half turn: the last pixel becomes the first. */
    static RunLengthMask halfTurn(RunLengthMask mask) {
        int[] runs = mask.runsUnsafe();
        RunLengthBuilder turned = new RunLengthBuilder(mask.size(), runs.length + 1);
        int end = runs.length % 2 == 1 ? runs[runs.length - 1] : 0;
        for (int i = runs.length % 2 == 1 ? runs.length - 2 : runs.length - 1; i > 0; i -= 2) {
            turned.foreground(end, end + runs[i]);
            end += runs[i] + runs[i - 1];
        }
        return turned.build();
    }

    static RunLengthMask mirroredTopBottom(RunLengthMask mask) {
        int height = mask.size().height();
        RunLengthBuilder mirrored = new RunLengthBuilder(mask.size(), mask.runCount());
        ColumnSpans spans = new ColumnSpans(mask, mask.size().block());
        int[] borders = new int[16];
        int length = 0;
        int column = 0;
        while (spans.next()) {
            if (spans.column() != column) {
                addUpwards(mirrored, (column + 1) * height, borders, length);
                column = spans.column();
                length = 0;
            }
            if (length == borders.length) {
                borders = Arrays.copyOf(borders, 2 * length);
            }
            borders[length++] = spans.firstRow();
            borders[length++] = spans.endRow();
        }
        addUpwards(mirrored, (column + 1) * height, borders, length);
        return mirrored.build();
    }

    private static void addUpwards(RunLengthBuilder mirrored, int columnEnd, int[] borders, int length) {
        for (int i = length - 2; i >= 0; i -= 2) {
            mirrored.foreground(columnEnd - borders[i + 1], columnEnd - borders[i]);
        }
    }

    /**
     * Rows become columns. A row changes between background and foreground where neighbouring columns differ: at the
     * foreground of the mask xor itself shifted by a column. So the cost is that of the result's runs, not of the pixels.
     */
    static RunLengthMask transposed(RunLengthMask mask) {
        int height = mask.size().height();
        int width = mask.size().width();
        int[] ends = foregroundBorders(mask);
        RunBorders borders = new RunBorders(mask.size().transposed(), mask.runCount());
        long at = 0;
        boolean differs = false;
        int own = 0;
        int shifted = 0;
        while (shifted < ends.length) {
            long nextShifted = (long) ends[shifted] + height;
            boolean takeOwn = own < ends.length && ends[own] <= nextShifted;
            long next = takeOwn ? ends[own] : nextShifted;
            for (long position = at; differs && position < next; position++) {
                borders.toggle((int) (position % height) * width + (int) (position / height));
            }
            at = next;
            differs = !differs;
            own += takeOwn ? 1 : 0;
            shifted += takeOwn ? 0 : 1;
        }
        return borders.mask();
    }

    /** Start and end positions of the foreground runs. */
    private static int[] foregroundBorders(RunLengthMask mask) {
        int[] runs = mask.runsUnsafe();
        int[] borders = new int[runs.length / 2 * 2];
        int end = 0;
        for (int i = 0; i < borders.length; i++) {
            end += runs[i];
            borders[i] = end;
        }
        return borders;
    }
}
