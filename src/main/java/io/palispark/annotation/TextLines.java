package io.palispark.annotation;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.zip.ZipException;

/** The lines of a UTF-8 file, bare or gzip, one at a time and none longer than a string may be. */
final class TextLines implements Closeable {

    private static final char BYTE_ORDER_MARK = 0xFEFF;

    private final BufferedReader reader;
    private final int longest;
    private final StringBuilder line = new StringBuilder();
    private long number;

    TextLines(AnnotationSource source, ReadLimits limits) throws IOException {
        this.reader = new BufferedReader(
                new InputStreamReader(JsonDocument.bytes(source), StandardCharsets.UTF_8.newDecoder()), 1 << 16);
        this.longest = limits.stringLength();
    }

    /** The next line without its end, null behind the last. */
    String next() throws IOException, DocumentException {
        try {
            return read();
        } catch (CharacterCodingException undecodable) {
            throw new DocumentException(ReasonCode.ENCODING_INVALID, "no valid UTF-8 behind line " + number);
        } catch (EOFException | ZipException damaged) {
            throw new DocumentException(
                    ReasonCode.SYNTAX_INVALID, "the compressed file is cut or damaged: " + damaged.getMessage());
        }
    }

    private String read() throws IOException, DocumentException {
        line.setLength(0);
        int character = reader.read();
        if (character < 0) {
            return null;
        }
        number++;
        while (character >= 0 && character != '\n') {
            if (line.length() == longest) {
                throw new DocumentException(
                        ReasonCode.SYNTAX_INVALID, "line " + number + " has more than " + longest + " characters");
            }
            line.append((char) character);
            character = reader.read();
        }
        int end = line.length();
        int start = number == 1 && end > 0 && line.charAt(0) == BYTE_ORDER_MARK ? 1 : 0;
        return line.substring(start, end > start && line.charAt(end - 1) == '\r' ? end - 1 : end);
    }

    /** Number of the line read last, from 1. */
    long number() {
        return number;
    }

    @Override
    public void close() throws IOException {
        reader.close();
    }
}
