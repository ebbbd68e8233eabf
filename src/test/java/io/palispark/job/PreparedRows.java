package io.palispark.job;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What stands in a prepared folder. */
record PreparedRows(Path root) {

    private static final ObjectMapper JSON = new ObjectMapper();

    JsonNode manifest() throws IOException {
        return JSON.readTree(root.resolve("manifest.json").toFile());
    }

    /** The rows of one split, in the order of the shards. */
    List<JsonNode> of(String split) throws IOException {
        return lines("data/" + split + "-", "([^.]+)\\.jsonl");
    }

    /** What is known about the rows of one split, in the same order. */
    List<JsonNode> meta(String split) throws IOException {
        return lines("data/" + split + "-", "([^.]+)\\.meta\\.jsonl");
    }

    /** The named pictures of one split. */
    List<String> pictures(String split) throws IOException {
        return of(split).stream()
                .map(row -> row.get("image").asText())
                .distinct()
                .sorted()
                .toList();
    }

    private List<JsonNode> lines(String start, String rest) throws IOException {
        List<JsonNode> lines = new ArrayList<>();
        for (JsonNode shard : manifest().get("shards")) {
            String path = shard.get("path").asText();
            if (path.startsWith(start) && path.substring(start.length()).matches(rest)) {
                for (String line : Files.readAllLines(root.resolve(path))) {
                    lines.add(JSON.readTree(line));
                }
            }
        }
        return lines;
    }
}
