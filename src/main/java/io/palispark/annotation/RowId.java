package io.palispark.annotation;

import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;

/**
 * An id as the file states it. Ids join by their text, so 2, 2.0 and "2" are one id.
 *
 * @param text one line of at most 256 characters, empty when there is no id
 * @param quoted stated as a JSON string
 */
record RowId(String text, boolean quoted) {

    static final RowId NONE = new RowId("", false);

    private static final int MOST_CHARACTERS = 256;
    private static final double LARGEST_EXACT_INTEGER = 1L << 53;

    /** The id at the parser's token; {@link #NONE} for null and for what cannot be an id. */
    static RowId read(JsonParser parser) throws IOException {
        return switch (parser.currentToken()) {
            case VALUE_NUMBER_INT -> of(parser.getText(), false);
            case VALUE_NUMBER_FLOAT -> ofFraction(JsonNumber.finite(parser));
            case VALUE_STRING -> of(TextLine.trim(parser.getText()), true);
            case START_ARRAY, START_OBJECT -> {
                parser.skipChildren();
                yield NONE;
            }
            case VALUE_NULL,
                    VALUE_TRUE,
                    VALUE_FALSE,
                    VALUE_EMBEDDED_OBJECT,
                    NOT_AVAILABLE,
                    END_ARRAY,
                    END_OBJECT,
                    FIELD_NAME -> NONE;
        };
    }

    private static RowId of(String text, boolean quoted) {
        boolean usable = text.length() <= MOST_CHARACTERS && text.codePoints().allMatch(TextLine::isPrintable);
        return usable && !text.isEmpty() ? new RowId(text, quoted) : NONE;
    }

    private static RowId ofFraction(double value) {
        boolean whole = value == Math.rint(value) && Math.abs(value) <= LARGEST_EXACT_INTEGER;
        return whole ? new RowId(Long.toString((long) value), false) : NONE;
    }

    boolean isMissing() {
        return text.isEmpty();
    }
}
