package io.palispark.token;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.palispark.SharedFolder;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;

/** Golden JSON Lines: the subset beside the tests, or the full file of the shared folder. */
final class GoldenLines {

    private static final ObjectMapper JSON = new ObjectMapper();

    private GoldenLines() {}

    static List<JsonNode> subset(String name) {
        try (InputStream in = GoldenLines.class.getResourceAsStream(name)) {
            return lines(in);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    static List<JsonNode> shared(String path) {
        try (InputStream in = new GZIPInputStream(Files.newInputStream(SharedFolder.require(path)))) {
            return lines(in);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static List<JsonNode> lines(InputStream in) throws IOException {
        List<JsonNode> lines = new ArrayList<>();
        for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n")) {
            lines.add(JSON.readTree(line));
        }
        return lines;
    }
}
