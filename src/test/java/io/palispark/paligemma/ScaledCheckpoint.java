package io.palispark.paligemma;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Copies of checkpoints in which the numbers of one tensor are multiplied. */
public final class ScaledCheckpoint {

    private static final String WEIGHTS = "model.safetensors";

    private ScaledCheckpoint() {}

    /**
     * Copies a folder with one file of weights, float32 or bfloat16.
     *
     * @param tensor name in that file
     */
    public static void write(Path folder, Path copy, String tensor, float factor) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(file, copy.resolve(file.getFileName()));
            }
        }
        ByteBuffer bytes =
                ByteBuffer.wrap(Files.readAllBytes(copy.resolve(WEIGHTS))).order(ByteOrder.LITTLE_ENDIAN);
        int header = Math.toIntExact(bytes.getLong(0));
        JsonNode entry = new ObjectMapper()
                .readTree(new String(bytes.array(), Long.BYTES, header, StandardCharsets.UTF_8))
                .required(tensor);
        int start = Long.BYTES + header;
        int end = start + entry.path("data_offsets").path(1).intValue();
        boolean wide = entry.path("dtype").textValue().equals("F32");
        for (int at = start + entry.path("data_offsets").path(0).intValue();
                at < end;
                at += wide ? Float.BYTES : Short.BYTES) {
            if (wide) {
                bytes.putFloat(at, bytes.getFloat(at) * factor);
            } else {
                int scaled = Float.floatToRawIntBits(Float.intBitsToFloat(bytes.getShort(at) << Short.SIZE) * factor);
                bytes.putShort(at, (short) (scaled >> Short.SIZE));
            }
        }
        Files.write(copy.resolve(WEIGHTS), bytes.array());
    }
}
