package io.palispark.spark;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.Serializable;

/**
 * One picture in a shard, as its shard's index tells it.
 *
 * @param image name below the root of the corpus
 * @param bytes length of the encoded picture
 * @param at WebDataset: offset of its first byte in the tar file; Parquet: number of its row
 * @param facts what stands beside the picture in the shard
 */
public record ShardedImage(String image, int bytes, long at, Facts facts) implements Serializable {

    /**
     * Facts of the header.
     *
     * @param format upper-case container name
     * @param height rows as stored
     * @param width columns as stored
     * @param orientation EXIF value 1 to 8
     * @param sha256 of the encoded bytes, lower-case hexadecimal
     */
    public record Facts(String format, int height, int width, int orientation, String sha256) implements Serializable {}

    /** What is stored beside the picture: its name and facts. */
    ObjectNode description() {
        return JsonNodeFactory.instance
                .objectNode()
                .put("image", image)
                .put("format", facts.format())
                .put("height", facts.height())
                .put("width", facts.width())
                .put("orientation", facts.orientation())
                .put("sha256", facts.sha256());
    }

    /** The line of the index. */
    public String indexLine() {
        return description().put("bytes", bytes).put("at", at).toString();
    }

    static ShardedImage ofIndexLine(JsonNode line) {
        return new ShardedImage(
                line.path("image").asText(),
                line.path("bytes").asInt(),
                line.path("at").asLong(),
                new Facts(
                        line.path("format").asText(),
                        line.path("height").asInt(),
                        line.path("width").asInt(),
                        line.path("orientation").asInt(),
                        line.path("sha256").asText()));
    }
}
