package io.palispark.job;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.palispark.annotation.ReasonCode;
import io.palispark.paligemma.PaliGemmaProcessor;
import java.util.Optional;

/** {@code tokens ids}: the ids of a {@code text}, or of the whole prompt of a {@code prefix} about one picture. */
public final class TokenIds implements RecordStep {

    private final PaliGemmaProcessor processor;

    public TokenIds(PaliGemmaProcessor processor) {
        this.processor = processor;
    }

    @Override
    public void answer(ObjectNode record, ObjectNode answer) throws RecordReject {
        ArrayNode array = answer.putArray("ids");
        for (int id : ids(record)) {
            array.add(id);
        }
    }

    private int[] ids(ObjectNode record) throws RecordReject {
        Optional<String> text = RecordFields.optionalText(record, "text");
        Optional<String> prefix = RecordFields.optionalText(record, "prefix");
        if (text.isPresent() == prefix.isPresent()) {
            throw new RecordReject(
                    text.isPresent() ? ReasonCode.RECORD_CONTRADICTION : ReasonCode.KEY_MISSING,
                    "the record must have either text or prefix");
        }
        if (text.isPresent()) {
            return processor.tokenizer().ids(text.get());
        }
        try {
            return processor.promptIds(prefix.get());
        } catch (IllegalArgumentException e) {
            throw new RecordReject(ReasonCode.RECORD_CONTRADICTION, e.getMessage());
        }
    }
}
