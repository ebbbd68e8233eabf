package io.palispark.job;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.palispark.annotation.ReasonCode;
import io.palispark.geometry.ImageSize;
import io.palispark.token.BoxForm;
import io.palispark.token.ParsedSuffix;
import io.palispark.token.PromptClasses;
import io.palispark.token.SegmentationCodes;
import io.palispark.token.SuffixDefect;
import io.palispark.token.SuffixParser;
import java.util.Optional;

/** Fields that several {@code tokens} records share. */
final class RecordFields {

    /** Pictures beyond this are rejected: a mask over all of one is painted in one byte a pixel. */
    static final long MOST_PIXELS = 1L << 28;

    private RecordFields() {}

    static String text(ObjectNode record, String field) throws RecordReject {
        JsonNode value = record.path(field);
        if (value.isMissingNode() || value.isNull()) {
            throw new RecordReject(ReasonCode.KEY_MISSING, "the record has no " + field);
        }
        if (!value.isTextual()) {
            throw new RecordReject(ReasonCode.VALUE_UNKNOWN, field + " is not a text");
        }
        return value.textValue();
    }

    static Optional<String> optionalText(ObjectNode record, String field) throws RecordReject {
        return record.hasNonNull(field) ? Optional.of(text(record, field)) : Optional.empty();
    }

    static ImageSize imageSize(ObjectNode record) throws RecordReject {
        ImageSize size = new ImageSize(side(record, "height"), side(record, "width"));
        if (size.pixels() > MOST_PIXELS) {
            throw new RecordReject(ReasonCode.IMAGE_TOO_LARGE, size + " is more than " + MOST_PIXELS + " pixels");
        }
        return size;
    }

    private static int side(ObjectNode record, String field) throws RecordReject {
        JsonNode value = record.path(field);
        if (!value.isIntegralNumber() || !value.canConvertToInt() || value.intValue() < 1) {
            throw new RecordReject(
                    ReasonCode.IMAGE_SIZE_MISSING, field + " is " + value + "; it must be a whole number above 0");
        }
        return value.intValue();
    }

    /** The record's {@code text}, read against its {@code prefix} where it has one that asks for classes. */
    static ParsedSuffix suffix(ObjectNode record, BoxForm form) throws RecordReject {
        String text = text(record, "text");
        Optional<PromptClasses> asked = optionalText(record, "prefix").flatMap(PromptClasses::parse);
        return SuffixParser.parse(text, asked, form);
    }

    static void addCodes(ArrayNode array, SegmentationCodes codes) {
        for (int code : codes.toArray()) {
            array.add(code);
        }
    }

    static void addDefects(ArrayNode array, ParsedSuffix suffix) {
        for (SuffixDefect defect : suffix.defects()) {
            array.addObject()
                    .put("code", defect.code().code())
                    .put("at", defect.at())
                    .put("detail", defect.detail());
        }
    }
}
