package io.palispark.geometry;

import java.util.Arrays;

/**
 * Makes a mask from the positions where it changes between background and foreground, given in any order: a position
 * toggles every pixel from there on, and two toggles at one position cancel.
 */
final class RunBorders {

    private static final int COMPACT_ABOVE = 1 << 20;

    private final ImageSize size;
    private int[] positions;
    private int length;
    private int compactAt = COMPACT_ABOVE;

    RunBorders(ImageSize size, int expected) {
        RunLengthMask.requireRepresentable(size);
        this.size = size;
        this.positions = new int[Math.max(16, expected)];
    }

    /** Toggles the pixels from a column-major position on; the number of pixels itself is legal and without effect. */
    void toggle(int position) {
        if (length == positions.length) {
            makeRoom();
        }
        positions[length++] = position;
    }

    private void makeRoom() {
        if (length >= compactAt) {
            compact();
            compactAt = Math.max(COMPACT_ABOVE, 2 * length);
        }
        if (length > positions.length / 2) {
            positions = Arrays.copyOf(positions, Math.addExact(positions.length, positions.length / 2));
        }
    }

    private void compact() {
        Arrays.sort(positions, 0, length);
        int kept = 0;
        for (int i = 0; i < length; i++) {
            if (kept > 0 && positions[kept - 1] == positions[i]) {
                kept--;
            } else {
                positions[kept++] = positions[i];
            }
        }
        length = kept;
    }

    RunLengthMask mask() {
        compact();
        RunLengthBuilder mask = new RunLengthBuilder(size, length + 1);
        for (int i = 0; i < length; i += 2) {
            mask.foreground(positions[i], i + 1 < length ? positions[i + 1] : (int) size.pixels());
        }
        return mask.build();
    }
}
