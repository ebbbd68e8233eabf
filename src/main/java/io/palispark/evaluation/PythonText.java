package io.palispark.evaluation;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/** White space as Python's {@code str} sees it, which the reference evaluators split and strip by. */
final class PythonText {

    private static final String SPACE =
            "[\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]+";
    private static final Pattern SPACES = Pattern.compile(SPACE);
    private static final Pattern ENDS = Pattern.compile("^" + SPACE + "|" + SPACE + "\\z");

    private PythonText() {}

    static boolean isSpace(char character) {
        return SPACES.matcher(Character.toString(character)).matches();
    }

    static String strip(String text) {
        return ENDS.matcher(text).replaceAll("");
    }

    /** Python's {@code split()}: no empty words. */
    static List<String> words(String text) {
        return Arrays.stream(SPACES.split(text)).filter(word -> !word.isEmpty()).toList();
    }
}
