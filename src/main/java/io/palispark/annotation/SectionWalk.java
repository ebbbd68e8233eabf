package io.palispark.annotation;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.Closeable;
import java.io.IOException;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Goes once through a document that is an object of lists (COCO's and VQA's top level) and hands every element of the
 * wanted lists to its reader, in whatever order the lists come.
 */
final class SectionWalk implements Closeable {

    /** Reads one element: the parser stands at its first token and must be left at its last. */
    @FunctionalInterface
    interface ElementReader {
        void read(JsonParser parser, long sequence) throws IOException, DocumentException;
    }

    private final JsonParser parser;
    private final Map<String, ElementReader> sections;
    private final Set<String> present = new HashSet<>();
    private String section = "";
    private long sequence;
    private boolean started;

    SectionWalk(AnnotationSource source, ReadLimits limits, Map<String, ElementReader> sections) throws IOException {
        this.parser = JsonDocument.open(source, limits);
        this.sections = sections;
    }

    /** Reads up to and including the next element; false at the end of the document. */
    boolean step() throws IOException, DocumentException {
        if (!started) {
            start();
        }
        while (true) {
            JsonToken token = parser.nextToken();
            if (token == null) {
                return false;
            }
            if (!section.isEmpty()) {
                if (token != JsonToken.END_ARRAY) {
                    sections.get(section).read(parser, sequence++);
                    return true;
                }
                section = "";
            } else if (token == JsonToken.FIELD_NAME) {
                enter(parser.currentName());
            } else if (token != JsonToken.END_OBJECT) {
                throw new DocumentException(ReasonCode.SYNTAX_INVALID, "the document goes on behind its end");
            }
        }
    }

    void walkToEnd() throws IOException, DocumentException {
        while (step()) {
            // every element is the work of its reader
        }
    }

    /** Names of the wanted lists that the document has. */
    Set<String> present() {
        return present;
    }

    private void start() throws IOException, DocumentException {
        started = true;
        JsonToken token = parser.nextToken();
        if (token == null) {
            throw new DocumentException(ReasonCode.FILE_EMPTY, "no content");
        }
        if (token == JsonToken.START_ARRAY) {
            throw new DocumentException(
                    ReasonCode.DOCUMENT_KIND_UNEXPECTED,
                    "the document is a list, as results files are; a dataset is an object");
        }
        if (token != JsonToken.START_OBJECT) {
            throw new DocumentException(
                    ReasonCode.DOCUMENT_KIND_UNEXPECTED, "the document is " + JsonNumber.describe(parser));
        }
    }

    private void enter(String name) throws IOException, DocumentException {
        JsonToken value = parser.nextToken();
        if (!sections.containsKey(name)) {
            parser.skipChildren();
            return;
        }
        if (value == JsonToken.VALUE_NULL) {
            return;
        }
        if (value != JsonToken.START_ARRAY) {
            throw new DocumentException(
                    ReasonCode.DOCUMENT_KIND_UNEXPECTED,
                    "\"" + name + "\" is " + JsonNumber.describe(parser) + "; a list is expected");
        }
        if (!present.add(name)) {
            throw new DocumentException(ReasonCode.KEY_DUPLICATE, "\"" + name + "\" occurs twice");
        }
        section = name;
        sequence = 0;
    }

    @Override
    public void close() throws IOException {
        parser.close();
    }
}
