package io.palispark.geometry;

import java.util.Arrays;

/** Collects foreground spans in column-major order and joins those that touch, so that the result is normal. */
final class RunLengthBuilder {

    private final ImageSize size;
    private int[] runs;
    private int length;
    /** End of the last run collected; background where {@link #length} is even. */
    private int end;

    RunLengthBuilder(ImageSize size, int expectedRuns) {
        RunLengthMask.requireRepresentable(size);
        this.size = size;
        this.runs = new int[Math.max(4, expectedRuns)];
    }

    /** Adds the pixels from start, not before the end of the last span, to end (exclusive). */
    void foreground(int spanStart, int spanEnd) {
        if (spanStart == spanEnd) {
            return;
        }
        if (spanStart == end && length > 0) {
            runs[length - 1] += spanEnd - spanStart;
        } else {
            if (length + 2 > runs.length) {
                runs = Arrays.copyOf(runs, Math.max(length + 2, runs.length + (runs.length >> 1)));
            }
            runs[length++] = spanStart - end;
            runs[length++] = spanEnd - spanStart;
        }
        end = spanEnd;
    }

    RunLengthMask build() {
        int pixels = (int) size.pixels();
        boolean open = end < pixels;
        int[] normal = Arrays.copyOf(runs, open ? length + 1 : length);
        if (open) {
            normal[length] = pixels - end;
        }
        return new RunLengthMask(size, normal);
    }
}
