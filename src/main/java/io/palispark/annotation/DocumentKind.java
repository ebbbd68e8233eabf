package io.palispark.annotation;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.EOFException;
import java.io.IOException;
import java.util.Optional;
import java.util.zip.ZipException;

/** What a file holds, told by its keys as early as they tell it. */
enum DocumentKind {
    OBJECTS,
    CAPTIONS,
    QUESTIONS,
    ANSWERS,
    UNKNOWN;

    /**
     * A guess with its evidence.
     *
     * @param why one clause for the log
     */
    record Evidence(DocumentKind kind, String why) {}

    /** Reads up to the first key that decides; content that cannot be read is of unknown kind. */
    static Evidence of(AnnotationSource source, ReadLimits limits) throws IOException {
        try (JsonParser parser = JsonDocument.open(source, limits)) {
            return parser.nextToken() == JsonToken.START_OBJECT
                    ? ofSections(parser)
                    : new Evidence(UNKNOWN, "the document is no JSON object");
        } catch (JsonProcessingException | EOFException | ZipException unreadable) {
            return new Evidence(UNKNOWN, "the document cannot be read to a key that tells its kind");
        }
    }

    private static Evidence ofSections(JsonParser parser) throws IOException {
        Evidence weak = new Evidence(UNKNOWN, "no list \"annotations\" or \"questions\"");
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String section = parser.currentName();
            JsonToken value = parser.nextToken();
            if (section.equals("questions") && value == JsonToken.START_ARRAY) {
                return new Evidence(QUESTIONS, "it has a list \"questions\"");
            }
            if (section.equals("annotations") && value == JsonToken.START_ARRAY) {
                Optional<Evidence> first = ofFirstElement(parser);
                if (first.isPresent()) {
                    return first.get();
                }
            } else if (section.equals("categories") && value == JsonToken.START_ARRAY) {
                weak = new Evidence(OBJECTS, "it has a list \"categories\"");
                parser.skipChildren();
            } else {
                parser.skipChildren();
            }
        }
        return weak;
    }

    /** Looks into a list's first element; without evidence the parser is left at the list's end. */
    private static Optional<Evidence> ofFirstElement(JsonParser parser) throws IOException {
        if (parser.nextToken() == JsonToken.START_OBJECT) {
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String field = parser.currentName();
                DocumentKind kind = switch (field) {
                    case "caption" -> CAPTIONS;
                    case "question_id", "answers" -> ANSWERS;
                    case "bbox", "segmentation", "category_id" -> OBJECTS;
                    default -> UNKNOWN;
                };
                if (kind != UNKNOWN) {
                    return Optional.of(new Evidence(kind, "its annotations have a key \"" + field + "\""));
                }
                parser.nextToken();
                parser.skipChildren();
            }
            parser.nextToken();
        }
        while (parser.currentToken() != JsonToken.END_ARRAY && parser.currentToken() != null) {
            parser.skipChildren();
            parser.nextToken();
        }
        return Optional.empty();
    }
}
