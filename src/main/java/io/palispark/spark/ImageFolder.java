package io.palispark.spark;

import io.palispark.image.ContentRead;
import io.palispark.image.ImageContent;
import io.palispark.image.ImageLimits;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Pictures below a folder of any Hadoop file system, found by the names that annotation files state: as stated, without
 * its first folders, or by its last part. The first hit in that order counts.
 */
public record ImageFolder(Storage storage, String root, ImageLimits limits) implements Serializable {

    /**
     * The picture a stated name leads to.
     *
     * @param name below the root, with forward slashes
     */
    public record Found(String name, Storage.Listed file) {}

    /** @param stated a name already known to stay below the root */
    public Optional<Found> find(String stated) throws IOException {
        for (String candidate : candidates(stated)) {
            Optional<Storage.Listed> file = storage.find(root + "/" + candidate);
            if (file.isPresent()) {
                return Optional.of(new Found(candidate, file.get()));
            }
        }
        return Optional.empty();
    }

    /** The bytes, or why they are refused; never more than the limits allow. */
    public ContentRead read(Found image) throws IOException {
        try (InputStream stream = storage.open(image.file().path())) {
            return ImageContent.read(stream, limits);
        }
    }

    private static Set<String> candidates(String stated) {
        Set<String> names = new LinkedHashSet<>();
        names.add(stated);
        for (int slash = stated.indexOf('/'); slash >= 0; slash = stated.indexOf('/', slash + 1)) {
            names.add(stated.substring(slash + 1));
        }
        return names;
    }
}
