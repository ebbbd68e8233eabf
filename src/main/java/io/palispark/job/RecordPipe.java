package io.palispark.job;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.palispark.annotation.ReasonCode;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.StandardCharsets;

/**
 * JSON Lines in, JSON Lines out: one line for each non-blank line, in order. A line that cannot be answered gives
 * {@code {"id","reject","detail"}}, with {@code "line"} (counted from 1) in place of an id that could not be read.
 * Output is flushed whenever the input has nothing more at hand, so the pipe can be talked to.
 */
public final class RecordPipe {

    /** Longest line in bytes; longer ones are rejected without being held. */
    public static final int LONGEST_LINE = 64 << 20;

    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private static final ObjectWriter ESCAPING = JSON.writer().with(JsonGenerator.Feature.ESCAPE_NON_ASCII);

    private final RecordStep step;
    private final InputStream in;
    private final OutputStream out;
    private final CharsetEncoder encoder = StandardCharsets.UTF_8.newEncoder();
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private boolean lineTooLong;
    private long lineNumber;

    private RecordPipe(RecordStep step, InputStream in, OutputStream out) {
        this.step = step;
        this.in = new BufferedInputStream(in, 1 << 16);
        this.out = new BufferedOutputStream(out, 1 << 16);
    }

    /** Answers every line of the input, then returns; the streams stay open. */
    public static void run(RecordStep step, InputStream in, OutputStream out) throws IOException {
        RecordPipe pipe = new RecordPipe(step, in, out);
        while (pipe.readLine()) {
            pipe.answerLine();
        }
        pipe.out.flush();
    }

    private boolean readLine() throws IOException {
        line.reset();
        lineTooLong = false;
        if (in.available() == 0) {
            out.flush();
        }
        int next = in.read();
        if (next < 0) {
            return false;
        }
        lineNumber++;
        for (; next >= 0 && next != '\n'; next = in.read()) {
            if (line.size() < LONGEST_LINE) {
                line.write(next);
            } else {
                lineTooLong = true;
            }
        }
        return true;
    }

    private void answerLine() throws IOException {
        ObjectNode answer = JSON.createObjectNode();
        try {
            String text = text();
            if (text.isBlank()) {
                return;
            }
            ObjectNode record = record(text);
            answer.set("id", record.get("id"));
            step.answer(record, answer);
        } catch (RecordReject reject) {
            JsonNode id = answer.get("id");
            answer.removeAll();
            if (id == null) {
                answer.put("line", lineNumber);
            } else {
                answer.set("id", id);
            }
            answer.put("reject", reject.reason().code()).put("detail", reject.getMessage());
        }
        write(answer);
    }

    private String text() throws RecordReject {
        if (lineTooLong) {
            throw new RecordReject(ReasonCode.TEXT_TOO_LONG, "the line has more than " + LONGEST_LINE + " bytes");
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(line.toByteArray()))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new RecordReject(ReasonCode.ENCODING_INVALID, "the line is not UTF-8");
        }
    }

    private static ObjectNode record(String text) throws RecordReject {
        JsonNode record;
        try {
            record = JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new RecordReject(ReasonCode.SYNTAX_INVALID, e.getOriginalMessage());
        }
        if (!(record instanceof ObjectNode object)) {
            throw new RecordReject(ReasonCode.SYNTAX_INVALID, "the line is not a JSON object");
        }
        if (!object.hasNonNull("id")) {
            throw new RecordReject(ReasonCode.ID_MISSING, "the record has no id");
        }
        return object;
    }

    /** Text with unpaired surrogates has no UTF-8; then everything beyond ASCII is escaped. */
    private void write(ObjectNode answer) throws IOException {
        String json = JSON.writeValueAsString(answer);
        if (!encoder.canEncode(json)) {
            json = ESCAPING.writeValueAsString(answer);
        }
        out.write(json.getBytes(StandardCharsets.UTF_8));
        out.write('\n');
    }
}
