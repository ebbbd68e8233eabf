package io.palispark.annotation;

/** Tells rows that repeat an earlier one in every field, by 59 bits of their content. */
final class RowHashes {

    private final IdIndex met = new IdIndex();

    /** True for all but the first row of this content. */
    boolean isRepeat(String content) {
        return met.putIfAbsent(Long.toString(hash(content)), 1) != IdIndex.ABSENT;
    }

    /** FNV-1a over the characters, cut to what {@link IdIndex} holds compactly. */
    private static long hash(String content) {
        long hash = 0xCBF29CE484222325L;
        for (int i = 0; i < content.length(); i++) {
            hash = (hash ^ content.charAt(i)) * 0x100000001B3L;
        }
        return hash >>> 5;
    }
}
