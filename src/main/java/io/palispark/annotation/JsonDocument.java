package io.palispark.annotation;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;

/** Opens an annotation file as JSON tokens: bare or gzip by its first bytes, byte order mark tolerated. */
final class JsonDocument {

    private static final int BUFFER = 1 << 16;
    private static final int GZIP_MAGIC = 0x1f8b;

    private JsonDocument() {}

    /** A parser at the start of the file; closing it closes the file. */
    static JsonParser open(AnnotationSource source, ReadLimits limits) throws IOException {
        InputStream bytes = bytes(source);
        try {
            return factory(limits, limits.stringLength()).createParser(bytes);
        } catch (IOException | RuntimeException failure) {
            bytes.close();
            throw failure;
        }
    }

    /** A parser of a text, whose strings may be as long as itself. */
    static JsonParser open(String text, ReadLimits limits) throws IOException {
        return factory(limits, Math.max(limits.stringLength(), text.length())).createParser(text);
    }

    /** What is wrong, with line and column. */
    static String place(JsonProcessingException invalid) {
        String message = invalid.getOriginalMessage().lines().findFirst().orElse("");
        return invalid.getLocation() == null
                ? message
                : message + " at line " + invalid.getLocation().getLineNr() + ", column "
                        + invalid.getLocation().getColumnNr();
    }

    /** What is wrong in a text of one line, with column. */
    static String column(JsonProcessingException invalid) {
        String message = invalid.getOriginalMessage().lines().findFirst().orElse("");
        return invalid.getLocation() == null
                ? message
                : message + " at column " + invalid.getLocation().getColumnNr();
    }

    /** The file's bytes, decompressed. */
    static InputStream bytes(AnnotationSource source) throws IOException {
        InputStream raw = new BufferedInputStream(source.open(), BUFFER);
        try {
            raw.mark(2);
            int magic = raw.read() << 8 | raw.read();
            raw.reset();
            return magic == GZIP_MAGIC ? new GZIPInputStream(raw, BUFFER) : raw;
        } catch (IOException | RuntimeException failure) {
            raw.close();
            throw failure;
        }
    }

    /** Skips the value at the parser's token, but reads its strings, so that their limit is met here. */
    static void walk(JsonParser parser) throws IOException {
        int depth = 0;
        do {
            JsonToken token = parser.currentToken();
            if (token.isStructStart()) {
                depth++;
            } else if (token.isStructEnd()) {
                depth--;
            } else if (token == JsonToken.VALUE_STRING) {
                requireShort(parser);
            }
        } while (depth > 0 && parser.nextToken() != null);
    }

    /** The parser itself checks a string's length only when it has to hand the string out. */
    private static void requireShort(JsonParser parser) throws IOException {
        int limit = parser.streamReadConstraints().getMaxStringLength();
        if (parser.getTextLength() > limit) {
            throw new StreamConstraintsException(
                    "a string of " + parser.getTextLength() + " characters, more than " + limit,
                    parser.currentLocation());
        }
    }

    private static JsonFactory factory(ReadLimits limits, int longestString) {
        return new JsonFactoryBuilder()
                .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
                .enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER)
                .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                .disable(JsonFactory.Feature.FAIL_ON_SYMBOL_HASH_OVERFLOW)
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(limits.nesting())
                        .maxNumberLength(limits.numberLength())
                        .maxStringLength(longestString)
                        .build())
                .build();
    }
}
