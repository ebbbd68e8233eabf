package io.palispark.annotation;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.zip.ZipException;

/** Documents that describe one picture and are read whole, up to {@link ReadLimits#documentBytes()}. */
final class SmallDocument {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private SmallDocument() {}

    /** The file's bytes, decompressed; at least one. */
    static byte[] bytes(AnnotationSource source, ReadLimits limits) throws IOException, DocumentException {
        try (InputStream stream = JsonDocument.bytes(source)) {
            byte[] bytes = stream.readNBytes(limits.documentBytes() + 1);
            if (bytes.length == 0) {
                throw new DocumentException(ReasonCode.FILE_EMPTY, "no content");
            }
            if (bytes.length > limits.documentBytes()) {
                throw new DocumentException(
                        ReasonCode.FILE_TOO_LARGE, "more than " + limits.documentBytes() + " bytes");
            }
            return bytes;
        } catch (EOFException | ZipException damaged) {
            throw new DocumentException(
                    ReasonCode.SYNTAX_INVALID, "the compressed file is cut or damaged: " + damaged.getMessage());
        }
    }

    /** The file as text, possibly blank. */
    static String text(AnnotationSource source, ReadLimits limits) throws IOException, DocumentException {
        byte[] bytes = bytes(source, limits);
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            return text.startsWith("\uFEFF") ? text.substring(1) : text;
        } catch (CharacterCodingException undecodable) {
            throw new DocumentException(ReasonCode.ENCODING_INVALID, "no valid UTF-8");
        }
    }

    /** The file as one JSON object; NaN and infinities are numbers of it. */
    static JsonNode object(AnnotationSource source, ReadLimits limits) throws IOException, DocumentException {
        String text = text(source, limits);
        if (text.isBlank()) {
            throw new DocumentException(ReasonCode.FILE_EMPTY, "no content");
        }
        return object(text, limits);
    }

    /** A text as one JSON object. */
    static JsonNode object(String text, ReadLimits limits) throws IOException, DocumentException {
        try (JsonParser parser = JsonDocument.open(text, limits)) {
            JsonNode tree = MAPPER.readTree(parser);
            if (tree == null || !tree.isObject()) {
                throw new DocumentException(ReasonCode.DOCUMENT_KIND_UNEXPECTED, "the document is no JSON object");
            }
            if (parser.nextToken() != null) {
                throw new DocumentException(ReasonCode.SYNTAX_INVALID, "the document goes on behind its end");
            }
            return tree;
        } catch (JsonProcessingException invalid) {
            boolean oneLine = text.indexOf('\n') < 0;
            throw new DocumentException(
                    ReasonCode.SYNTAX_INVALID, oneLine ? JsonDocument.column(invalid) : JsonDocument.place(invalid));
        }
    }

    /** The value at the parser's token as a tree. */
    static JsonNode tree(JsonParser parser) throws IOException {
        return MAPPER.readTree(parser);
    }
}
