package io.palispark.tensor;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.InputCoercionException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The JSON header of a safetensors file, checked against the length of the data section: every byte of it belongs to
 * exactly one tensor. Stricter than the reference reader (huggingface/safetensors: safetensors/src/tensor.rs) in two
 * places: a header must start with an opening brace and no name may occur twice.
 *
 * @param entries by tensor name, in the order of the header
 * @param metadata the free text entries of {@code __metadata__}
 */
record SafetensorsHeader(Map<String, Entry> entries, Map<String, String> metadata) {

    private static final String METADATA = "__metadata__";

    private static final Map<String, ElementType> TYPES = Map.of(
            "F64", ElementType.FLOAT64,
            "F32", ElementType.FLOAT32,
            "F16", ElementType.FLOAT16,
            "BF16", ElementType.BFLOAT16,
            "I64", ElementType.INT64,
            "I32", ElementType.INT32,
            "I16", ElementType.INT16,
            "I8", ElementType.INT8,
            "U8", ElementType.UINT8,
            "BOOL", ElementType.BOOL);

    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    /** @param begin first byte, from the start of the data section; {@code end} is exclusive */
    record Entry(TensorLayout layout, long begin, long end) {}

    /**
     * Parses and checks a header.
     *
     * @param dataBytes length of the data section
     */
    static SafetensorsHeader parse(String file, byte[] header, long dataBytes) throws TensorFileException {
        try {
            SafetensorsHeader parsed = new Parser(JSON.createParser(text(header)), dataBytes).header();
            coversAll(parsed.entries.values(), dataBytes);
            return parsed;
        } catch (Refusal refusal) {
            throw new TensorFileException(file, refusal.getMessage(), refusal);
        } catch (JsonProcessingException malformed) {
            String kind = malformed.getOriginalMessage().startsWith("Duplicate field")
                    ? "duplicate key"
                    : "header is not JSON of the right form";
            throw new TensorFileException(file, kind + ": " + malformed.getOriginalMessage(), malformed);
        } catch (IOException impossible) {
            throw new TensorFileException(file, "header is not JSON", impossible);
        }
    }

    private static String text(byte[] header) throws Refusal {
        switch (header.length == 0 ? 0 : header[0]) {
            case '{' -> {}
            case '[' -> throw new Refusal("header is not an object");
            case ' ', '\t', '\r', '\n' -> throw new Refusal("header must start with {");
            default -> throw new Refusal("header is not JSON");
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(header))
                    .toString();
        } catch (CharacterCodingException malformed) {
            throw new Refusal("header is not UTF-8");
        }
    }

    private static void coversAll(Collection<Entry> entries, long dataBytes) throws Refusal {
        List<Entry> sorted = new ArrayList<>(entries);
        sorted.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
        long covered = 0;
        for (Entry entry : sorted) {
            if (entry.begin != covered) {
                throw new Refusal("overlap or hole at byte " + covered + " of the data section");
            }
            covered = entry.end;
        }
        if (covered != dataBytes) {
            throw new Refusal("data section not covered: tensors end at byte " + covered + " of " + dataBytes);
        }
    }

    /** A rule of the format that the header breaks. */
    private static final class Refusal extends IOException {
        private static final long serialVersionUID = 1;

        Refusal(String reason) {
            super(reason);
        }
    }

    /** Reads tokens as they come, so that a hostile header is left at its first offence. */
    private record Parser(JsonParser json, long dataBytes) {

        SafetensorsHeader header() throws IOException {
            Map<String, Entry> entries = new LinkedHashMap<>();
            Map<String, String> metadata = new LinkedHashMap<>();
            json.nextToken();
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                json.nextToken();
                if (name.equals(METADATA)) {
                    metadata.putAll(metadata());
                } else {
                    entries.put(name, entry(name));
                }
            }
            if (json.nextToken() != null) {
                throw new Refusal("header is not JSON: text after its end");
            }
            return new SafetensorsHeader(entries, metadata);
        }

        private Map<String, String> metadata() throws IOException {
            if (json.currentToken() != JsonToken.START_OBJECT) {
                throw new Refusal("bad metadata: not an object");
            }
            Map<String, String> metadata = new LinkedHashMap<>();
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String key = json.currentName();
                if (json.nextToken() != JsonToken.VALUE_STRING) {
                    throw new Refusal("bad metadata: " + key + " is not a string");
                }
                metadata.put(key, json.getText());
            }
            return metadata;
        }

        private Entry entry(String name) throws IOException {
            if (json.currentToken() != JsonToken.START_OBJECT) {
                throw new Refusal("header is not JSON of the right form: " + name + " is not an object");
            }
            Optional<ElementType> type = Optional.empty();
            Optional<List<Long>> shape = Optional.empty();
            Optional<List<Long>> offsets = Optional.empty();
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String field = json.currentName();
                json.nextToken();
                switch (field) {
                    case "dtype" -> type = Optional.of(type(name));
                    case "shape" -> shape = Optional.of(extents(name, "bad shape"));
                    case "data_offsets" -> offsets = Optional.of(extents(name, "bad offsets"));
                    default -> json.skipChildren();
                }
            }
            if (type.isEmpty() || shape.isEmpty() || offsets.isEmpty()) {
                throw new Refusal("missing field: " + name + " needs dtype, shape and data_offsets");
            }
            return entry(name, new TensorLayout(type.get(), shape.get()), offsets.get());
        }

        private Entry entry(String name, TensorLayout layout, List<Long> offsets) throws Refusal {
            if (offsets.size() != 2 || offsets.get(0) > offsets.get(1)) {
                throw new Refusal("bad offsets: " + name + " " + offsets);
            }
            if (offsets.get(1) > dataBytes) {
                throw new Refusal("truncated: " + name + " ends at byte " + offsets.get(1) + " of a data section of "
                        + dataBytes);
            }
            long bytes;
            try {
                bytes = layout.bytes();
            } catch (ArithmeticException overflow) {
                throw new Refusal("shape overflows: " + name + " " + layout);
            }
            Entry entry = new Entry(layout, offsets.get(0), offsets.get(1));
            if (entry.end - entry.begin != bytes) {
                throw new Refusal("size does not fit shape: " + name + " " + layout + " lies in " + offsets);
            }
            return entry;
        }

        private ElementType type(String name) throws IOException {
            ElementType type = json.currentToken() == JsonToken.VALUE_STRING ? TYPES.get(json.getText()) : null;
            if (type == null) {
                throw new Refusal("unknown dtype: " + name + " is " + json.getText() + ", read are " + TYPES.keySet());
            }
            return type;
        }

        /** An array of integers that are not negative. */
        private List<Long> extents(String name, String verdict) throws IOException {
            if (json.currentToken() != JsonToken.START_ARRAY) {
                throw new Refusal(verdict + ": " + name + " has no list");
            }
            List<Long> extents = new ArrayList<>();
            while (json.nextToken() != JsonToken.END_ARRAY) {
                if (json.currentToken() != JsonToken.VALUE_NUMBER_INT) {
                    throw new Refusal(verdict + ": " + name + " has " + json.getText());
                }
                extents.add(extent(name, verdict));
            }
            return extents;
        }

        private long extent(String name, String verdict) throws IOException {
            try {
                long extent = json.getLongValue();
                if (extent >= 0) {
                    return extent;
                }
            } catch (InputCoercionException tooLarge) {
                throw new Refusal(verdict + ": " + name + " has " + json.getText());
            }
            throw new Refusal(verdict + ": " + name + " has " + json.getText());
        }
    }
}
