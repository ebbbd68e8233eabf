package io.palispark.image;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * The encoded bytes of one file.
 *
 * @param bytes owned by the content from then on
 */
public record ImageContent(byte[] bytes) implements ContentRead {

    /** Reads a stream to its end, or refuses it once it yields more than the limit; never holds more than that. */
    public static ContentRead read(InputStream stream, ImageLimits limits) throws IOException {
        byte[] bytes = stream.readNBytes(limits.maximumBytes());
        return bytes.length == limits.maximumBytes() && stream.read() >= 0
                ? new ImageFault(
                        ImageFault.Kind.TOO_MANY_BYTES, "the file is larger than " + limits.maximumBytes() + " bytes")
                : new ImageContent(bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ImageContent content && Arrays.equals(bytes, content.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return "ImageContent[" + bytes.length + " bytes]";
    }
}
