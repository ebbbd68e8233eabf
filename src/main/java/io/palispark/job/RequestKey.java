package io.palispark.job;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.palispark.dataset.StableHash;
import io.palispark.spark.ByImage;
import io.palispark.spark.TextLines;
import java.io.IOException;
import java.io.Serializable;
import java.util.Comparator;

/**
 * What brings all answers on one image to one part, and there in an order that does not depend on how they arrived.
 *
 * @param image empty where the line cannot be read
 * @param file number of its file in the input
 * @param at byte in that file
 */
record RequestKey(String image, String prefix, int file, long at)
        implements Serializable, Comparable<RequestKey>, ByImage.Key {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Comparator<RequestKey> ORDER = Comparator.comparing(RequestKey::image)
            .thenComparing(RequestKey::prefix)
            .thenComparingInt(RequestKey::file)
            .thenComparingLong(RequestKey::at);

    static RequestKey of(TextLines.Line line) {
        String image = "";
        String prefix = "";
        if (line.text() != null) {
            try {
                JsonNode node = JSON.readTree(line.text());
                image = node.path("image").asText();
                prefix = node.path("prefix").asText();
            } catch (IOException malformed) {
                image = ""; // the part that gets it rejects it with the reason
            }
        }
        return new RequestKey(image, prefix, line.file(), line.at());
    }

    boolean isOfSameRequest(RequestKey other) {
        return image.equals(other.image) && prefix.equals(other.prefix);
    }

    @Override
    public int compareTo(RequestKey other) {
        return ORDER.compare(this, other);
    }

    @Override
    public int part(int parts) {
        return (int) Long.remainderUnsigned(StableHash.of("image", image), parts);
    }
}
