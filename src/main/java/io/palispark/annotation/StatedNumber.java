package io.palispark.annotation;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * What stands where a number is expected.
 *
 * @param value finite, or NaN where there is a fault
 * @param fault null for a finite number
 * @param stated for a person
 */
record StatedNumber(double value, ReasonCode fault, String stated) {

    private static final int MOST_CHARACTERS = 100;
    private static final Pattern NUMBER = Pattern.compile("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?");
    private static final Pattern NOT_FINITE = Pattern.compile("[+-]?(nan|inf|infinity)");

    static StatedNumber of(String text) {
        String trimmed = text.strip();
        if (trimmed.length() <= MOST_CHARACTERS && NUMBER.matcher(trimmed).matches()) {
            return of(Double.parseDouble(trimmed), trimmed);
        }
        boolean known = trimmed.length() <= MOST_CHARACTERS
                && NOT_FINITE.matcher(trimmed.toLowerCase(Locale.ROOT)).matches();
        return new StatedNumber(
                Double.NaN, known ? ReasonCode.NUMBER_NOT_FINITE : ReasonCode.NUMBER_INVALID, Defect.quote(trimmed));
    }

    /** @param node null or missing for an absent value */
    static StatedNumber of(JsonNode node) {
        if (node == null || !node.isNumber()) {
            String stated = node == null ? "absent" : Defect.quote(node.isTextual() ? node.asText() : node.toString());
            return new StatedNumber(Double.NaN, ReasonCode.NUMBER_INVALID, stated);
        }
        return of(node.doubleValue(), node.toString());
    }

    private static StatedNumber of(double value, String stated) {
        return Double.isFinite(value)
                ? new StatedNumber(value, null, stated)
                : new StatedNumber(Double.NaN, ReasonCode.NUMBER_NOT_FINITE, stated);
    }

    boolean isValid() {
        return fault == null;
    }
}
