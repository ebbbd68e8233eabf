package io.palispark.geometry;

import java.nio.charset.StandardCharsets;

/**
 * COCO's compressed counts: each run length, from the fourth on its difference to the run two before, as signed
 * base-32 groups, lowest first; a group is one ASCII character, 48 plus its five bits plus 32 where another follows
 * (pycocotools {@code common/maskApi.c}, rleToString and rleFrString). Reading is strict, unlike there.
 */
final class RunLengthString {

    private static final int FIRST_CHARACTER = 48;
    private static final int LAST_CHARACTER = 111;
    private static final int CONTINUES = 0x20;
    private static final int SIGN = 0x10;
    private static final int GROUP = 0x1f;
    /** Groups that a long holds with room for the sum; a longer value is out of range whatever it says. */
    private static final int LONGEST_VALUE = 12;

    private static final long LARGEST_COUNT = 0xffff_ffffL;

    private RunLengthString() {}

    /**
     * The run lengths as written, zero runs included.
     *
     * @throws RunLengthException for the first fault in this order: alphabet, then value by value truncation and range,
     *     then the sum
     */
    static int[] parse(ImageSize size, String counts) {
        int[] runs = new int[countValues(size, counts)];
        long sum = 0;
        int at = 0;
        long previous = 0;
        long beforePrevious = 0;
        for (int index = 0; at < counts.length(); index++) {
            int end = endOfValue(size, counts, at);
            long count = value(counts, at, end) + (index > 2 ? beforePrevious : 0);
            if (end - at > LONGEST_VALUE || count < 0 || count > LARGEST_COUNT) {
                throw new RunLengthException(
                        RunLengthFault.COUNT_OUT_OF_RANGE, size, "run " + index + " is no length in 0..2^32-1");
            }
            runs[index] = (int) count;
            sum += count;
            beforePrevious = previous;
            previous = count;
            at = end;
        }
        RunLengthMask.requireSum(size, sum);
        return runs;
    }

    private static int countValues(ImageSize size, String counts) {
        int values = 0;
        for (int i = 0; i < counts.length(); i++) {
            char character = counts.charAt(i);
            if (character < FIRST_CHARACTER || character > LAST_CHARACTER) {
                throw new RunLengthException(
                        RunLengthFault.BAD_CHARACTER,
                        size,
                        String.format(
                                "character U+%04X at position %d is not in the alphabet 0..o", (int) character, i));
            }
            if (((character - FIRST_CHARACTER) & CONTINUES) == 0) {
                values++;
            }
        }
        return values;
    }

    private static int endOfValue(ImageSize size, String counts, int start) {
        int at = start;
        while (((counts.charAt(at) - FIRST_CHARACTER) & CONTINUES) != 0) {
            if (++at == counts.length()) {
                throw new RunLengthException(
                        RunLengthFault.TRUNCATED, size, "the value at position " + start + " has no end");
            }
        }
        return at + 1;
    }

    private static long value(String counts, int start, int end) {
        long value = 0;
        int shift = 0;
        int group = 0;
        for (int i = start; i < end; i++) {
            group = counts.charAt(i) - FIRST_CHARACTER;
            value |= (long) (group & GROUP) << shift;
            shift += 5;
        }
        return (group & SIGN) != 0 ? value | (-1L << shift) : value;
    }

    static String format(int[] runs) {
        byte[] text = new byte[7 * runs.length];
        int length = 0;
        for (int i = 0; i < runs.length; i++) {
            int rest = i > 2 ? runs[i] - runs[i - 2] : runs[i];
            boolean more = true;
            while (more) {
                int group = rest & GROUP;
                rest >>= 5;
                more = (group & SIGN) != 0 ? rest != -1 : rest != 0;
                text[length++] = (byte) (FIRST_CHARACTER + group + (more ? CONTINUES : 0));
            }
        }
        return new String(text, 0, length, StandardCharsets.US_ASCII);
    }
}
