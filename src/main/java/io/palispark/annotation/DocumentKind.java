package io.palispark.annotation;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.EOFException;
import java.io.IOException;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.zip.ZipException;

/** What a JSON document holds, told by its keys as early as they tell it. */
enum DocumentKind {
    OBJECTS,
    /** Objects of a federated dataset, LVIS. */
    FEDERATED,
    CAPTIONS,
    QUESTIONS,
    ANSWERS,
    /** COCO panoptic. */
    SEGMENTS,
    /** One image record per referring expression, as MDETR writes them. */
    EXPRESSIONS,
    /** LabelMe. */
    SHAPES,
    /** Label Studio. */
    TASKS,
    /** Create ML. */
    BOXES,
    /** COCO-Text. */
    TEXTS,
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
            JsonToken token = parser.nextToken();
            if (token == JsonToken.START_ARRAY) {
                return ofList(parser);
            }
            return token == JsonToken.START_OBJECT
                    ? ofSections(parser)
                    : new Evidence(UNKNOWN, "the document is no JSON object");
        } catch (JsonProcessingException | EOFException | ZipException unreadable) {
            return new Evidence(UNKNOWN, "the document cannot be read to a key that tells its kind");
        }
    }

    private static Evidence ofList(JsonParser parser) throws IOException {
        if (parser.nextToken() == JsonToken.START_OBJECT) {
            Set<String> keys = keys(parser);
            if (keys.contains("data") && (keys.contains("annotations") || keys.contains("predictions"))) {
                return new Evidence(TASKS, "a list whose elements have the keys \"data\" and \"annotations\"");
            }
            if (keys.contains("image") && keys.contains("annotations")
                    || keys.contains("imagefilename") && keys.contains("annotation")) {
                return new Evidence(BOXES, "a list whose elements name an image and its annotations");
            }
        }
        return new Evidence(UNKNOWN, "the document is a list of an unknown kind");
    }

    private static Evidence ofSections(JsonParser parser) throws IOException {
        Evidence weak = new Evidence(UNKNOWN, "no list \"annotations\" or \"questions\"");
        boolean federated = false;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String section = parser.currentName();
            JsonToken value = parser.nextToken();
            Optional<Evidence> told = ofSection(section, value);
            if (told.isPresent()) {
                return told.get();
            }
            if (value == JsonToken.START_ARRAY && isSection(section)) {
                Set<String> keys = firstKeys(parser);
                federated |= keys.contains("neg_category_ids");
                Optional<Evidence> first = section.equals("annotations") ? ofElement(keys) : Optional.empty();
                if (first.isPresent() && (first.get().kind() != OBJECTS || keys.contains("iscrowd"))) {
                    return first.get();
                }
                weak = first.orElse(
                        section.equals("categories") && weak.kind() == UNKNOWN
                                ? new Evidence(OBJECTS, "it has a list \"categories\"")
                                : weak);
                if (federated) {
                    weak = new Evidence(FEDERATED, "its images have a key \"neg_category_ids\"");
                }
            } else {
                parser.skipChildren();
            }
        }
        return weak;
    }

    private static boolean isSection(String name) {
        return name.equals("annotations") || name.equals("categories") || name.equals("images");
    }

    private static Optional<Evidence> ofSection(String section, JsonToken value) {
        DocumentKind kind = switch (section) {
            case "questions" -> value == JsonToken.START_ARRAY ? QUESTIONS : UNKNOWN;
            case "shapes" -> value == JsonToken.START_ARRAY ? SHAPES : UNKNOWN;
            case "imagePath" -> SHAPES;
            case "imgToAnns", "anns", "imgs" -> value == JsonToken.START_OBJECT ? TEXTS : UNKNOWN;
            default -> UNKNOWN;
        };
        String what = value == JsonToken.START_ARRAY ? "a list" : "a key";
        return kind == UNKNOWN
                ? Optional.empty()
                : Optional.of(new Evidence(kind, "it has " + what + " \"" + section + "\""));
    }

    private static Optional<Evidence> ofElement(Set<String> keys) {
        for (String key : new String[] {
            "segments_info",
            "tokens_positive",
            "caption",
            "question_id",
            "answers",
            "bbox",
            "segmentation",
            "category_id"
        }) {
            if (keys.contains(key)) {
                DocumentKind kind = switch (key) {
                    case "segments_info" -> SEGMENTS;
                    case "tokens_positive" -> EXPRESSIONS;
                    case "caption" -> CAPTIONS;
                    case "question_id", "answers" -> ANSWERS;
                    default -> OBJECTS;
                };
                return Optional.of(new Evidence(kind, "its annotations have a key \"" + key + "\""));
            }
        }
        return Optional.empty();
    }

    /** Keys of a list's first element; leaves the parser at the list's end. */
    private static Set<String> firstKeys(JsonParser parser) throws IOException {
        Set<String> keys = Set.of();
        if (parser.nextToken() == JsonToken.START_OBJECT) {
            keys = keys(parser);
            parser.nextToken();
        }
        while (parser.currentToken() != JsonToken.END_ARRAY && parser.currentToken() != null) {
            parser.skipChildren();
            parser.nextToken();
        }
        return keys;
    }

    private static Set<String> keys(JsonParser parser) throws IOException {
        Set<String> keys = new HashSet<>();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            keys.add(parser.currentName());
            parser.nextToken();
            parser.skipChildren();
        }
        return keys;
    }
}
