package io.palispark.spark;

import io.palispark.image.ContentRead;
import io.palispark.image.ImageLimits;
import java.io.IOException;
import java.io.Serializable;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Pictures found by the names that annotation files state: as stated, without its first folders, or by its last part. The
 * first hit in that order counts.
 */
public sealed interface ImageSource extends Serializable permits ImageFolder, ImageShards {

    /** What the user named: where a picture's name starts. */
    String root();

    ImageLimits limits();

    /** The picture of exactly this name below the root. */
    Optional<Found> named(String name) throws IOException;

    /** Names of all files below the root; a long list. */
    List<String> names() throws IOException;

    /** Differs when a picture came, went or changed since. */
    String version() throws IOException;

    /** A picture that is there. */
    interface Found {

        /** Name below the root, with forward slashes. */
        String name();

        /** Differs when the picture's bytes do. */
        String version();

        /** Length of the encoded bytes, as listed. */
        long bytes();

        /** The encoded bytes, or why they are refused; never more than the limits allow. */
        ContentRead read() throws IOException;
    }

    /** The shards at {@code root} where {@code shard} wrote them, else the folder. */
    static ImageSource open(Storage storage, String root, ImageLimits limits) throws IOException {
        Optional<ImageShards> shards = ImageShards.open(storage, root, limits);
        return shards.isPresent() ? shards.get() : new ImageFolder(storage, root, limits);
    }

    /** @param stated a name already known to stay below the root */
    default Optional<Found> find(String stated) throws IOException {
        Set<String> names = new LinkedHashSet<>();
        names.add(stated);
        for (int slash = stated.indexOf('/'); slash >= 0; slash = stated.indexOf('/', slash + 1)) {
            names.add(stated.substring(slash + 1));
        }
        for (String name : names) {
            Optional<Found> found = named(name);
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }
}
