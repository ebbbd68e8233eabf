package io.palispark.annotation;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;

/** Number tokens of untrusted JSON. */
final class JsonNumber {

    private JsonNumber() {}

    /** The number at the parser's token; NaN when it is none or not finite, then {@link #fault} tells which. */
    static double finite(JsonParser parser) throws IOException {
        if (!isNumber(parser)) {
            return Double.NaN;
        }
        try {
            double value = parser.getDoubleValue();
            return Double.isFinite(value) ? value : Double.NaN;
        } catch (JsonProcessingException unconvertible) {
            return Double.NaN;
        }
    }

    static ReasonCode fault(JsonParser parser) {
        return isNumber(parser) ? ReasonCode.NUMBER_NOT_FINITE : ReasonCode.NUMBER_INVALID;
    }

    /** The value at the token for a person; leaves the parser at the value's end. */
    static String describe(JsonParser parser) throws IOException {
        JsonToken token = parser.currentToken();
        if (token == JsonToken.START_ARRAY || token == JsonToken.START_OBJECT) {
            parser.skipChildren();
            return token == JsonToken.START_ARRAY ? "a list" : "an object";
        }
        return token == JsonToken.VALUE_STRING ? Defect.quote(parser.getText()) : parser.getText();
    }

    private static boolean isNumber(JsonParser parser) {
        JsonToken token = parser.currentToken();
        return token == JsonToken.VALUE_NUMBER_INT || token == JsonToken.VALUE_NUMBER_FLOAT;
    }
}
