package io.palispark.annotation;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.EOFException;
import java.io.IOException;
import java.util.zip.ZipException;

/** A JSON document that is a list, element by element; all of it is walked before the first is handed out. */
final class ListSteps implements AnnotationRows.Steps {

    /** Takes one element. */
    @FunctionalInterface
    interface ElementReader {
        void read(JsonNode element, long index) throws IOException;
    }

    private final AnnotationSource source;
    private final ReadLimits limits;
    private final ElementReader reader;
    private JsonParser parser;
    private long index;

    private ListSteps(AnnotationSource source, ReadLimits limits, ElementReader reader) {
        this.source = source;
        this.limits = limits;
        this.reader = reader;
    }

    static AnnotationReader open(AnnotationInput input, ReadLimits limits, RecordQueue out, ElementReader reader)
            throws IOException {
        AnnotationSource source = input.entries().get(0).main();
        try {
            walk(source, limits);
        } catch (DocumentException unusable) {
            return AnnotationRows.rejected(input.format(), input.name(), unusable);
        }
        return AnnotationRows.of(input.format(), out, new ListSteps(source, limits, reader));
    }

    private static void walk(AnnotationSource source, ReadLimits limits) throws IOException, DocumentException {
        try (JsonParser parser = JsonDocument.open(source, limits)) {
            JsonToken first = parser.nextToken();
            if (first == null) {
                throw new DocumentException(ReasonCode.FILE_EMPTY, "no content");
            }
            if (first != JsonToken.START_ARRAY) {
                throw new DocumentException(ReasonCode.DOCUMENT_KIND_UNEXPECTED, "the document is no list");
            }
            JsonDocument.walk(parser);
            if (parser.nextToken() != null) {
                throw new DocumentException(ReasonCode.SYNTAX_INVALID, "the document goes on behind its end");
            }
        } catch (JsonProcessingException invalid) {
            throw FirstPass.syntax(source, invalid);
        } catch (java.io.CharConversionException undecodable) {
            throw new DocumentException(ReasonCode.ENCODING_INVALID, undecodable.getMessage());
        } catch (EOFException | ZipException damaged) {
            throw new DocumentException(
                    ReasonCode.SYNTAX_INVALID, "the compressed file is cut or damaged: " + damaged.getMessage());
        }
    }

    @Override
    public boolean step() throws IOException {
        if (parser == null) {
            parser = JsonDocument.open(source, limits);
            parser.nextToken();
        }
        if (parser.nextToken() == JsonToken.END_ARRAY) {
            return false;
        }
        reader.read(SmallDocument.tree(parser), index++);
        return true;
    }

    @Override
    public void close() throws IOException {
        if (parser != null) {
            parser.close();
        }
    }
}
