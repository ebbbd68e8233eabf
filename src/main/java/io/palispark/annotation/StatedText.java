package io.palispark.annotation;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.List;

/**
 * What stands where a text is expected.
 *
 * @param value the text, or the other value for a person
 */
record StatedText(Kind kind, String value) {

    static final StatedText ABSENT = new StatedText(Kind.ABSENT, "");

    enum Kind {
        /** No such key, or null. */
        ABSENT,
        TEXT,
        /** A number, list, object or boolean. */
        OTHER
    }

    /** Reads the value at the parser's token and leaves the parser at the value's end. */
    static StatedText read(JsonParser parser) throws IOException {
        JsonToken token = parser.currentToken();
        if (token == JsonToken.VALUE_NULL) {
            return ABSENT;
        }
        return token == JsonToken.VALUE_STRING
                ? new StatedText(Kind.TEXT, parser.getText())
                : new StatedText(Kind.OTHER, JsonNumber.describe(parser));
    }

    /** The text as one line, or why it is none. */
    TextLine line(String field, ReadLimits limits) {
        return switch (kind) {
            case TEXT -> TextLine.of(value, limits);
            case ABSENT -> new TextLine("", List.of(Defect.reject(ReasonCode.TEXT_MISSING, "no " + field)));
            case OTHER ->
                new TextLine(
                        "", List.of(Defect.reject(ReasonCode.VALUE_UNKNOWN, field + " is " + value + ", not a text")));
        };
    }
}
