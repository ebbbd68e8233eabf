package io.palispark.job;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.palispark.annotation.ReasonCode;
import io.palispark.geometry.ImageSize;
import io.palispark.job.Prediction.Finish;
import io.palispark.job.Prediction.ModelText;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A line of stored model text, of whatever tool: {@code image}, {@code prefix} (empty when absent), {@code text} or
 * {@code suffix}, and optionally {@code width}, {@code height}, {@code token_ids}, {@code token_logprobs}, {@code finish}.
 *
 * @param size as stated
 * @param failure what a line of failed predictions says instead of a text
 */
record StoredAnswer(
        String image, String prefix, Optional<ImageSize> size, ModelText text, Optional<Prediction.Failure> failure) {

    /** What log-probabilities may be above 0 by rounding. */
    private static final double ROUNDING = 1e-4;

    /** Reads a line; what it lacks or states wrongly is a reject. */
    static StoredAnswer read(String line, ObjectMapper json) throws RecordReject {
        JsonNode node;
        try {
            node = json.readTree(line);
        } catch (JsonProcessingException malformed) {
            throw new RecordReject(ReasonCode.SYNTAX_INVALID, malformed.getOriginalMessage());
        }
        if (!node.isObject()) {
            throw new RecordReject(ReasonCode.SYNTAX_INVALID, "the line is no JSON object");
        }
        String image = text(node, "image");
        if (image.isBlank()) {
            throw new RecordReject(ReasonCode.IMAGE_NAME_MISSING, "image is empty");
        }
        String prefix = node.hasNonNull("prefix") ? text(node, "prefix") : "";
        if (node.path("status").asText().equals("error")) {
            JsonNode error = node.path("error");
            return new StoredAnswer(
                    image,
                    prefix,
                    Optional.empty(),
                    ModelText.of(""),
                    Optional.of(new Prediction.Failure(text(error, "code"), text(error, "detail"))));
        }
        String text = text(node, node.hasNonNull("text") ? "text" : "suffix");
        List<Integer> ids = ids(node);
        return new StoredAnswer(
                image,
                prefix,
                size(node),
                new ModelText(text, ids, logProbabilities(node, ids.size()), finish(node)),
                Optional.empty());
    }

    private static String text(JsonNode node, String field) throws RecordReject {
        JsonNode value = node.path(field);
        if (value.isMissingNode() || value.isNull()) {
            throw new RecordReject(ReasonCode.KEY_MISSING, "no " + field);
        }
        if (!value.isTextual()) {
            throw new RecordReject(ReasonCode.VALUE_UNKNOWN, field + " is " + abridged(value) + ", not a text");
        }
        return value.textValue();
    }

    private static Optional<ImageSize> size(JsonNode node) throws RecordReject {
        if (!node.hasNonNull("width") && !node.hasNonNull("height")) {
            return Optional.empty();
        }
        return Optional.of(new ImageSize(side(node, "height"), side(node, "width")));
    }

    private static int side(JsonNode node, String field) throws RecordReject {
        JsonNode value = node.path(field);
        if (!value.isIntegralNumber() || !value.canConvertToInt() || value.intValue() < 1) {
            throw new RecordReject(
                    ReasonCode.IMAGE_SIZE_MISSING,
                    field + " is " + abridged(value) + "; it must be a whole number above 0");
        }
        return value.intValue();
    }

    private static List<Integer> ids(JsonNode node) throws RecordReject {
        List<Integer> ids = new ArrayList<>();
        for (JsonNode id : node.path("token_ids")) {
            if (!id.isIntegralNumber() || !id.canConvertToInt() || id.intValue() < 0) {
                throw new RecordReject(ReasonCode.NUMBER_INVALID, "token_ids holds " + abridged(id));
            }
            ids.add(id.intValue());
        }
        return ids;
    }

    private static List<Double> logProbabilities(JsonNode node, int tokens) throws RecordReject {
        List<Double> values = new ArrayList<>();
        for (JsonNode value : node.path("token_logprobs")) {
            if (!value.isNumber() || !(value.doubleValue() <= ROUNDING)) {
                throw new RecordReject(
                        ReasonCode.NUMBER_INVALID,
                        "token_logprobs holds " + abridged(value)
                                + "; natural logarithms of probabilities are at most 0");
            }
            values.add(value.doubleValue());
        }
        if (!values.isEmpty() && values.size() != tokens) {
            throw new RecordReject(
                    ReasonCode.RECORD_CONTRADICTION,
                    tokens + " token_ids and " + values.size() + " token_logprobs; one a token is needed");
        }
        return values;
    }

    private static Optional<Finish> finish(JsonNode node) throws RecordReject {
        if (!node.hasNonNull("finish")) {
            return Optional.empty();
        }
        String stated = text(node, "finish");
        Optional<Finish> finish = Arrays.stream(Finish.values())
                .filter(known -> known.key().equals(stated))
                .findFirst();
        if (finish.isEmpty()) {
            throw new RecordReject(ReasonCode.VALUE_UNKNOWN, "finish is " + abridged(node.path("finish")));
        }
        return finish;
    }

    private static String abridged(JsonNode value) {
        String text = value.toString();
        return text.length() <= 80 ? text : text.substring(0, 80);
    }
}
