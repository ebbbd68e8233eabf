package io.palispark.token;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The 1024 location and 128 segmentation tokens that PaliGemma adds to Gemma's vocabulary, in the order of their ids. */
public final class TokenVocabulary {

    /** Number of location tokens, {@code <loc0000>} to {@code <loc1023>}. */
    public static final int LOCATIONS = 1024;

    /** Number of segmentation tokens, {@code <seg000>} to {@code <seg127>}: the entries of the mask codebook. */
    public static final int SEGMENTS = 128;

    private static final List<String> ALL = Collections.unmodifiableList(Arrays.asList(Stream.concat(
                    IntStream.range(0, LOCATIONS).mapToObj(bin -> String.format("<loc%04d>", bin)),
                    IntStream.range(0, SEGMENTS).mapToObj(code -> String.format("<seg%03d>", code)))
            .toArray(String[]::new)));

    private TokenVocabulary() {}

    /** The token of a location bin, 0 to 1023, as four digits. */
    public static String location(int bin) {
        return ALL.get(inRange(bin, LOCATIONS, "location bin"));
    }

    /** The token of a segmentation code, 0 to 127, as three digits. */
    public static String segment(int code) {
        return ALL.get(LOCATIONS + inRange(code, SEGMENTS, "segmentation code"));
    }

    /** All locations, then all segments; in a checkpoint's vocabulary their ids are consecutive in this order. */
    public static List<String> all() {
        return ALL;
    }

    /**
     * The token that starts at an index of a text, as its index in {@link #all()}; -1 where none does. Only exact
     * spellings count: {@code <loc1024>} and {@code <loc12>} are no tokens.
     */
    public static int indexAt(String text, int at) {
        int location = number(text, at, "<loc", 4, LOCATIONS);
        if (location >= 0) {
            return location;
        }
        int segment = number(text, at, "<seg", 3, SEGMENTS);
        return segment < 0 ? -1 : LOCATIONS + segment;
    }

    private static int number(String text, int at, String opening, int digits, int count) {
        int from = at + opening.length();
        int to = from + digits;
        if (!text.startsWith(opening, at) || to >= text.length() || text.charAt(to) != '>') {
            return -1;
        }
        int number = 0;
        for (int i = from; i < to; i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            number = 10 * number + digit;
        }
        return number < count ? number : -1;
    }

    static int inRange(int value, int count, String subject) {
        if (value < 0 || value >= count) {
            throw new IllegalArgumentException(
                    "Cannot use " + value + " as a " + subject + ": the range is 0 to " + (count - 1));
        }
        return value;
    }
}
