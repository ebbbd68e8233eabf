package io.palispark.vqvae;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.palispark.SharedFolder;
import io.palispark.geometry.ImageSize;
import io.palispark.geometry.PixelBox;
import io.palispark.geometry.RunLengthMask;
import io.palispark.token.SegmentationCodes;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;

/** The official codec's answers, read in place. */
final class CodecGoldens {

    private static final ObjectMapper JSON = new ObjectMapper();

    private CodecGoldens() {}

    static List<JsonNode> lines(String name) throws IOException {
        List<JsonNode> lines = new ArrayList<>();
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(SharedFolder.require("fixtures/codec/" + name))),
                StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                lines.add(JSON.readTree(line));
            }
        }
        return lines;
    }

    static ImageSize size(JsonNode line) {
        return new ImageSize(line.get("height").asInt(), line.get("width").asInt());
    }

    static RunLengthMask mask(JsonNode rle) {
        ImageSize size = new ImageSize(
                rle.get("size").get(0).asInt(), rle.get("size").get(1).asInt());
        return RunLengthMask.parse(size, rle.get("counts").asText());
    }

    static PixelBox pixelBox(JsonNode edges) {
        return new PixelBox(
                edges.get(0).asInt(),
                edges.get(1).asInt(),
                edges.get(2).asInt(),
                edges.get(3).asInt());
    }

    static int[] integers(JsonNode array) {
        int[] values = new int[array.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = array.get(i).asInt();
        }
        return values;
    }

    static SegmentationCodes codes(JsonNode array) {
        return SegmentationCodes.of(integers(array));
    }
}
