package io.palispark.spark;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.Serializable;
import java.util.List;

/**
 * A file of a dataset, named after its content.
 *
 * @param path below the dataset folder, with forward slashes
 * @param rows lines
 * @param bytes length
 * @param sha256 lower-case hexadecimal
 */
public record ShardFile(String path, long rows, long bytes, String sha256) implements Serializable {

    /** A file as {@link #description} names it; what is absent is empty or 0. */
    public static ShardFile of(JsonNode description) {
        return new ShardFile(
                description.path("path").asText(),
                description.path("rows").asLong(),
                description.path("bytes").asLong(),
                description.path("sha256").asText());
    }

    /** False for a path that leaves the folder, or that no file of a dataset has. */
    public boolean staysBelowItsFolder() {
        return !path.isEmpty()
                && !path.contains(":")
                && !path.contains("\\")
                && List.of(path.split("/", -1)).stream()
                        .noneMatch(part -> part.isEmpty() || part.equals(".") || part.equals(".."));
    }

    /** How a manifest names the file. */
    public ObjectNode description() {
        return JsonNodeFactory.instance
                .objectNode()
                .put("path", path)
                .put("rows", rows)
                .put("bytes", bytes)
                .put("sha256", sha256);
    }
}
