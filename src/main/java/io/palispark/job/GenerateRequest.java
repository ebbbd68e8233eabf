package io.palispark.job;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.palispark.dataset.StableHash;
import io.palispark.spark.ByImage;
import java.io.Serializable;
import java.util.Comparator;

/**
 * One picture and one prompt. The order brings the prompts of a picture together and depends on nothing else.
 *
 * @param hash of the image's name, which decides its part
 * @param image name below the image root
 * @param prefix the prompt, without image markers
 * @param fault what is wrong with the line it came from; empty for a good one
 */
record GenerateRequest(long hash, String image, String prefix, String fault)
        implements Serializable, Comparable<GenerateRequest>, ByImage.Key {

    private static final Comparator<GenerateRequest> ORDER = Comparator.comparingLong(GenerateRequest::hash)
            .thenComparing(GenerateRequest::image)
            .thenComparing(GenerateRequest::prefix)
            .thenComparing(GenerateRequest::fault);

    /** A longer line is no request. */
    private static final int LONGEST_LINE = 1 << 20;

    private static final int LONGEST_QUOTE = 200;

    static GenerateRequest of(String image, String prefix) {
        return new GenerateRequest(StableHash.of("image", image), image, prefix, "");
    }

    /** Reads a JSON line with {@code image} and {@code prefix}; what else it holds, such as a suffix, is left. */
    static GenerateRequest ofLine(String line, ObjectMapper json) {
        if (line.length() > LONGEST_LINE) {
            return faulty("a line of " + line.length() + " characters", line);
        }
        try {
            JsonNode row = json.readTree(line);
            JsonNode image = row.path("image");
            JsonNode prefix = row.path("prefix");
            return image.isTextual() && prefix.isTextual()
                    ? of(image.textValue(), prefix.textValue())
                    : faulty("image and prefix must be texts", line);
        } catch (JsonProcessingException malformed) {
            return faulty(malformed.getOriginalMessage(), line);
        }
    }

    private static GenerateRequest faulty(String fault, String line) {
        String quote = line.substring(0, Math.min(LONGEST_QUOTE, line.length()));
        return new GenerateRequest(StableHash.of("line", line), "", "", fault + ": " + quote);
    }

    /** Tells the row apart from all others, wherever it is generated: what its random numbers start from. */
    long number() {
        return StableHash.of(image, prefix);
    }

    @Override
    public int part(int parts) {
        return (int) Long.remainderUnsigned(hash, parts);
    }

    @Override
    public int compareTo(GenerateRequest other) {
        return ORDER.compare(this, other);
    }
}
