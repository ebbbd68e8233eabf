package io.palispark.annotation;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.CharConversionException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.zip.ZipException;

/** Walks a whole file before any row of it is handed out, so that a file broken anywhere is rejected as a file. */
final class FirstPass {

    private static final int BUFFER = 1 << 16;

    private FirstPass() {}

    /**
     * @return the sections that are there
     * @throws DocumentException when the content cannot be used
     * @throws IOException when the content cannot be had
     */
    static Set<String> walk(AnnotationSource source, ReadLimits limits, Map<String, SectionWalk.ElementReader> sections)
            throws IOException, DocumentException {
        try (SectionWalk walk = new SectionWalk(source, limits, sections)) {
            walk.walkToEnd();
            return walk.present();
        } catch (JsonProcessingException invalid) {
            throw syntax(source, invalid);
        } catch (CharConversionException undecodable) {
            throw new DocumentException(ReasonCode.ENCODING_INVALID, undecodable.getMessage());
        } catch (EOFException | ZipException damaged) {
            throw new DocumentException(
                    ReasonCode.SYNTAX_INVALID, "the compressed file is cut or damaged: " + damaged.getMessage());
        }
    }

    /** What is wrong with a document, told from where its parser stopped. */
    static DocumentException syntax(AnnotationSource source, JsonProcessingException invalid) throws IOException {
        long offset = invalid.getLocation() == null ? -1 : invalid.getLocation().getByteOffset();
        if (invalid instanceof JsonParseException && offset >= 0 && isMalformedBefore(source, offset + 4)) {
            return new DocumentException(ReasonCode.ENCODING_INVALID, "no valid UTF-8 before byte " + (offset + 4));
        }
        String message = invalid.getOriginalMessage().lines().findFirst().orElse("");
        String place = offset < 0 ? "" : " at byte " + offset;
        return new DocumentException(ReasonCode.SYNTAX_INVALID, message + place);
    }

    /** True when the bytes up to the offset are no UTF-8; a character cut by the offset or the file's end is none. */
    private static boolean isMalformedBefore(AnnotationSource source, long offset) throws IOException {
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        ByteBuffer bytes = ByteBuffer.allocate(BUFFER);
        CharBuffer characters = CharBuffer.allocate(BUFFER);
        long left = offset;
        try (InputStream stream = JsonDocument.bytes(source)) {
            while (left > 0) {
                int count = stream.read(
                        bytes.array(), bytes.position(), (int) Math.min(left, bytes.capacity() - bytes.position()));
                if (count < 0) {
                    return false;
                }
                left -= count;
                bytes.limit(bytes.position() + count).position(0);
                if (decoder.decode(bytes, characters, false).isError()) {
                    return true;
                }
                bytes.compact();
                characters.clear();
            }
        }
        return false;
    }
}
