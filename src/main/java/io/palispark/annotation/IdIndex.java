package io.palispark.annotation;

import java.util.HashMap;
import java.util.Map;

/**
 * Ids of one kind of row with a positive number for each. Integers take 12 bytes a slot, two slots at most, whether
 * stated as number or text; other texts are held as they are.
 */
final class IdIndex {

    static final int ABSENT = 0;

    private static final int FIRST_SLOTS = 1 << 10;
    private static final int MOST_DIGITS = 18;

    private final Map<String, Integer> texts = new HashMap<>();
    private long[] keys = new long[FIRST_SLOTS];
    private int[] values = new int[FIRST_SLOTS];
    private int used;

    /** The number kept for the id, {@link #ABSENT} if there is none. */
    int get(String id) {
        return isInteger(id) ? values[slot(Long.parseLong(id))] : texts.getOrDefault(id, ABSENT);
    }

    boolean contains(String id) {
        return get(id) != ABSENT;
    }

    /** Keeps a number above 0 for the id unless it has one; returns that one, or {@link #ABSENT}. */
    int putIfAbsent(String id, int value) {
        if (!isInteger(id)) {
            Integer earlier = texts.putIfAbsent(id, value);
            return earlier == null ? ABSENT : earlier;
        }
        long key = Long.parseLong(id);
        int slot = slot(key);
        if (values[slot] != ABSENT) {
            return values[slot];
        }
        keys[slot] = key;
        values[slot] = value;
        used++;
        if (used > keys.length / 3 * 2) {
            grow();
        }
        return ABSENT;
    }

    int size() {
        return used + texts.size();
    }

    /** True for the canonical text of an integer of at most 18 digits. */
    static boolean isInteger(String id) {
        int start = id.startsWith("-") ? 1 : 0;
        int digits = id.length() - start;
        if (digits < 1 || digits > MOST_DIGITS || (id.charAt(start) == '0' && id.length() > 1)) {
            return false;
        }
        for (int i = start; i < id.length(); i++) {
            if (id.charAt(i) < '0' || id.charAt(i) > '9') {
                return false;
            }
        }
        return true;
    }

    private int slot(long key) {
        long mixed = (key ^ (key >>> 32)) * 0x9E3779B97F4A7C15L;
        int mask = keys.length - 1;
        int slot = (int) (mixed >>> 32) & mask;
        while (values[slot] != ABSENT && keys[slot] != key) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    private void grow() {
        long[] oldKeys = keys;
        int[] oldValues = values;
        keys = new long[oldKeys.length * 2];
        values = new int[oldKeys.length * 2];
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldValues[i] != ABSENT) {
                int slot = slot(oldKeys[i]);
                keys[slot] = oldKeys[i];
                values[slot] = oldValues[i];
            }
        }
    }
}
