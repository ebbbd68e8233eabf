package io.palispark.job;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Escapes quotation marks and tabs that stand bare inside the texts of a line of JSON, an object of texts. A mark ends a
 * key when a colon follows, and a text when the next key or the end of the object does.
 */
final class QuoteRepair {

    private static final Pattern KEY_END = Pattern.compile("\"\\s*:");
    private static final Pattern TEXT_END = Pattern.compile("\"\\s*(?:,\\s*\"\\w+\"\\s*:|\\}\\s*$)");

    private QuoteRepair() {}

    static String of(String line) {
        StringBuilder repaired = new StringBuilder(line.length() + 8);
        Matcher keyEnd = KEY_END.matcher(line);
        Matcher textEnd = TEXT_END.matcher(line);
        boolean inside = false;
        boolean key = true;
        for (int at = 0; at < line.length(); at++) {
            char character = line.charAt(at);
            if (!inside) {
                inside = character == '"';
                key = character == ':' ? false : key || character == ',' || character == '{';
                repaired.append(character);
            } else if (character == '\\' && at + 1 < line.length()) {
                repaired.append(character).append(line.charAt(++at));
            } else if (character == '"') {
                inside = !(key ? keyEnd : textEnd).region(at, line.length()).lookingAt();
                repaired.append(inside ? "\\\"" : "\"");
            } else {
                repaired.append(character == '\t' ? "\\t" : String.valueOf(character));
            }
        }
        return repaired.toString();
    }
}
