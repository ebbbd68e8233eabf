package io.palispark.spark;

import io.palispark.annotation.AnnotationRecord;
import io.palispark.dataset.StableHash;
import java.io.Serializable;

/**
 * A record and where it was read: ids mean something within one file only.
 *
 * @param source number of the source in its mixture, from 0
 * @param file number of the input within the source, from 0, or {@link #ANY_FILE}
 */
public record SourcedRecord(int source, int file, AnnotationRecord record) implements Serializable {

    /** The file lists no pictures of its own: its image ids are those of whichever other file lists them. */
    public static final int ANY_FILE = -1;

    /** Stable hash of the image: where it stands among all. */
    public long imageHash() {
        // a dataset of one source has the shards that it had before there were mixtures
        return source == 0
                ? StableHash.of("image", record.imageId())
                : StableHash.of("image", record.imageId(), Integer.toString(source));
    }
}
