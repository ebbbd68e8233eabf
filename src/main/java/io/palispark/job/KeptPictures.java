package io.palispark.job;

import io.palispark.image.ContentRead;
import io.palispark.image.ImageContent;
import io.palispark.spark.ImageSource;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The first pictures of a part, kept when they are read anyway, so that the report opens none again. Kept in the order
 * of their rows; a part holds no more than its share of the report could show.
 */
final class KeptPictures {

    private static final int MOST_BYTES = 2 << 20;

    private final int most;
    private final Map<String, byte[]> contents = new LinkedHashMap<>();
    private int bytes;

    /**
     * @param reported pictures of the whole report
     * @param part number of the part: every part before it is taken to show one at least
     */
    KeptPictures(int reported, int part) {
        this.most = Math.max(0, reported - part);
    }

    /** The same file, kept when it is read and there is room. */
    Optional<ImageSource.Found> watch(Optional<ImageSource.Found> found) {
        return most == 0 ? found : found.map(Watched::new);
    }

    /** Encoded bytes by name in rows. */
    Map<String, byte[]> contents() {
        return contents;
    }

    private final class Watched implements ImageSource.Found {

        private final ImageSource.Found found;

        Watched(ImageSource.Found found) {
            this.found = found;
        }

        @Override
        public String name() {
            return found.name();
        }

        @Override
        public String version() {
            return found.version();
        }

        @Override
        public long bytes() {
            return found.bytes();
        }

        @Override
        public ContentRead read() throws IOException {
            ContentRead read = found.read();
            if (read instanceof ImageContent content
                    && contents.size() < most
                    && bytes + (long) content.bytes().length <= MOST_BYTES) {
                contents.put(found.name(), content.bytes());
                bytes += content.bytes().length;
            }
            return read;
        }
    }
}
