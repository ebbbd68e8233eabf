package io.palispark.paligemma;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** One object of a configuration file; values of the wrong kind or size are refused with their place. */
record ConfigObject(String source, String place, JsonNode node) {

    private static final long MAX_BYTES = 16 << 20;
    private static final ObjectMapper JSON = new ObjectMapper();

    static ConfigObject read(Path file) throws IOException {
        if (Files.size(file) > MAX_BYTES) {
            throw new CheckpointException(file.toString(), "a configuration of more than " + MAX_BYTES + " bytes");
        }
        try {
            JsonNode root = JSON.readTree(file.toFile());
            if (root == null || !root.isObject()) {
                throw new CheckpointException(file.toString(), "it is not a JSON object");
            }
            return new ConfigObject(file.toString(), "", root);
        } catch (JsonProcessingException malformed) {
            throw new CheckpointException(
                    file.toString(), "it is not JSON: " + malformed.getOriginalMessage(), malformed);
        }
    }

    boolean has(String field) {
        return node.hasNonNull(field);
    }

    ConfigObject object(String field) throws CheckpointException {
        if (!node.path(field).isObject()) {
            throw refusal(field, "is not an object");
        }
        return new ConfigObject(source, place + field + ".", node.path(field));
    }

    /** An integer in 1 to {@code most}. */
    int size(String field, int most) throws CheckpointException {
        if (!has(field)) {
            throw refusal(field, "is missing");
        }
        return size(field, most, 1);
    }

    /** An integer in 1 to {@code most}, or a value where the field is absent. */
    int size(String field, int most, int absent) throws CheckpointException {
        if (!has(field)) {
            return absent;
        }
        JsonNode value = node.path(field);
        if (!value.isIntegralNumber() || !value.canConvertToInt() || value.intValue() < 1 || value.intValue() > most) {
            throw refusal(field, "is " + value + ", not an integer from 1 to " + most);
        }
        return value.intValue();
    }

    int id(String field, int absent) throws CheckpointException {
        if (!has(field)) {
            return absent;
        }
        return id(field, node.path(field));
    }

    int id(String field, JsonNode value) throws CheckpointException {
        if (!value.isIntegralNumber() || !value.canConvertToInt() || value.intValue() < 0) {
            throw refusal(field, "is " + value + ", not a token id");
        }
        return value.intValue();
    }

    /** A positive finite number, or a value where the field is absent. */
    double number(String field, double absent) throws CheckpointException {
        if (!has(field)) {
            return absent;
        }
        JsonNode value = node.path(field);
        if (!value.isNumber() || !(value.doubleValue() > 0) || Double.isInfinite(value.doubleValue())) {
            throw refusal(field, "is " + value + ", not a positive number");
        }
        return value.doubleValue();
    }

    boolean flag(String field, Boolean absent) throws CheckpointException {
        if (!has(field)) {
            return absent;
        }
        if (!node.path(field).isBoolean()) {
            throw refusal(field, "is " + node.path(field) + ", not true or false");
        }
        return node.path(field).booleanValue();
    }

    Optional<String> text(String field) throws CheckpointException {
        if (!has(field)) {
            return Optional.empty();
        }
        if (!node.path(field).isTextual()) {
            throw refusal(field, "is " + node.path(field) + ", not a string");
        }
        return Optional.of(node.path(field).textValue());
    }

    CheckpointException refusal(String field, String reason) {
        return new CheckpointException(source, place + field + " " + reason);
    }
}
