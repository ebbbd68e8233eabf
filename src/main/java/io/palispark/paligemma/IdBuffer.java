package io.palispark.paligemma;

import java.util.Arrays;

/** A growing row of token ids. */
final class IdBuffer {

    static final int[] NONE = {};

    private int[] ids = new int[64];
    private int size;

    void add(int id) {
        room(1);
        ids[size++] = id;
    }

    void add(int id, int times) {
        room(times);
        Arrays.fill(ids, size, size + times, id);
        size += times;
    }

    void add(int[] more) {
        room(more.length);
        System.arraycopy(more, 0, ids, size, more.length);
        size += more.length;
    }

    int[] toArray() {
        return Arrays.copyOf(ids, size);
    }

    private void room(int more) {
        int needed = Math.addExact(size, more);
        if (needed > ids.length) {
            ids = Arrays.copyOf(ids, Math.max(needed, ids.length + (ids.length >> 1)));
        }
    }
}
