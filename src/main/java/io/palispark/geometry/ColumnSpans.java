package io.palispark.geometry;

/**
 * Walks the foreground of a mask inside a block, one vertical span of one column at a time, columns left to right and
 * spans of a column downwards. Spans of one column do not touch. Costs the runs up to the block's last column plus the
 * spans given.
 */
final class ColumnSpans {

    private final int[] runs;
    private final int height;
    private final PixelBox crop;
    private final int lastPosition;
    private int index = -1;
    private int end;
    /** The part of the current run that is still to be given. */
    private int from;

    private int column;
    private int firstRow;
    private int endRow;

    ColumnSpans(RunLengthMask mask, PixelBox crop) {
        this.runs = mask.runsUnsafe();
        this.height = mask.size().height();
        this.crop = crop;
        this.lastPosition = crop.right() * height;
    }

    /** Moves to the next span, false after the last one. */
    boolean next() {
        while (true) {
            if (from == end && !nextRun()) {
                return false;
            }
            if (from >= lastPosition) {
                return false;
            }
            column = from / height;
            int columnStart = column * height;
            int columnEnd = Math.min(end, columnStart + height);
            firstRow = Math.max(crop.top(), from - columnStart);
            endRow = Math.min(crop.bottom(), columnEnd - columnStart);
            from = columnEnd;
            if (firstRow < endRow) {
                return true;
            }
        }
    }

    private boolean nextRun() {
        int firstPosition = crop.left() * height;
        do {
            index += 2;
            if (index >= runs.length) {
                return false;
            }
            from = end + runs[index - 1];
            end = from + runs[index];
        } while (end <= firstPosition);
        from = Math.max(from, firstPosition);
        return true;
    }

    int column() {
        return column;
    }

    int firstRow() {
        return firstRow;
    }

    /** Exclusive. */
    int endRow() {
        return endRow;
    }
}
