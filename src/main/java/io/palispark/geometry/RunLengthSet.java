package io.palispark.geometry;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BinaryOperator;

/** Set operations by one sweep over the runs of two normal masks of the same size. */
final class RunLengthSet {

    private RunLengthSet() {}

    static RunLengthMask union(RunLengthMask first, RunLengthMask second) {
        return sweep(first, second, 1);
    }

    static RunLengthMask intersection(RunLengthMask first, RunLengthMask second) {
        return sweep(first, second, 2);
    }

    /** Folds pairs of neighbours, so that many small parts cost n log n and not n squared. */
    static RunLengthMask fold(List<RunLengthMask> masks, BinaryOperator<RunLengthMask> operation) {
        if (masks.isEmpty()) {
            throw new IllegalArgumentException("Cannot merge masks: the list is empty and tells no size");
        }
        List<RunLengthMask> level = masks;
        while (level.size() > 1) {
            List<RunLengthMask> next = new ArrayList<>((level.size() + 1) / 2);
            for (int i = 0; i + 1 < level.size(); i += 2) {
                next.add(operation.apply(level.get(i), level.get(i + 1)));
            }
            if (level.size() % 2 == 1) {
                next.add(level.get(level.size() - 1));
            }
            level = next;
        }
        return level.get(0);
    }

    private static RunLengthMask sweep(RunLengthMask first, RunLengthMask second, int coversNeeded) {
        int[] a = first.runsUnsafe();
        int[] b = second.runsUnsafe();
        RunLengthBuilder result = new RunLengthBuilder(sameSize(first, second), a.length + b.length);
        int pixels = (int) first.size().pixels();
        int i = 0;
        int j = 0;
        int endA = a[0];
        int endB = b[0];
        int at = 0;
        while (at < pixels) {
            int end = Math.min(endA, endB);
            if ((i & 1) + (j & 1) >= coversNeeded) {
                result.foreground(at, end);
            }
            if (endA == end && ++i < a.length) {
                endA += a[i];
            }
            if (endB == end && ++j < b.length) {
                endB += b[j];
            }
            at = end;
        }
        return result.build();
    }

    /** Pixels in both masks, without building their intersection. */
    static long intersectionArea(RunLengthMask first, RunLengthMask second) {
        sameSize(first, second);
        int[] a = first.runsUnsafe();
        int[] b = second.runsUnsafe();
        long area = 0;
        int startA = a[0];
        int startB = b[0];
        int i = 1;
        int j = 1;
        while (i < a.length && j < b.length) {
            int endA = startA + a[i];
            int endB = startB + b[j];
            area += Math.max(0, Math.min(endA, endB) - Math.max(startA, startB));
            if (endA <= endB) {
                startA = i + 1 < a.length ? endA + a[i + 1] : endA;
                i += 2;
            }
            if (endB <= endA) {
                startB = j + 1 < b.length ? endB + b[j + 1] : endB;
                j += 2;
            }
        }
        return area;
    }

    private static ImageSize sameSize(RunLengthMask first, RunLengthMask second) {
        if (!first.size().equals(second.size())) {
            throw new IllegalArgumentException("Cannot compare a " + first.size() + " mask with a " + second.size()
                    + " mask: both must belong to one image");
        }
        return first.size();
    }
}
