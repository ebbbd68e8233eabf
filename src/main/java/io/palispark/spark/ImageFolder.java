package io.palispark.spark;

import io.palispark.dataset.StableHash;
import io.palispark.image.ContentRead;
import io.palispark.image.ImageContent;
import io.palispark.image.ImageLimits;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** Picture files below a folder of any Hadoop file system. */
public record ImageFolder(Storage storage, String root, ImageLimits limits) implements ImageSource {

    @Override
    public Optional<Found> named(String name) throws IOException {
        return storage.find(root + "/" + name).map(file -> new PictureFile(this, name, file));
    }

    @Override
    public List<String> names() throws IOException {
        int start = storage.qualified(root).length() + 1;
        return storage.list(root).stream()
                .map(file -> file.path().substring(start))
                .toList();
    }

    @Override
    public String version() throws IOException {
        MessageDigest digest = StableHash.sha256();
        for (Storage.Listed file : listed()) {
            digest.update(
                    (file.path() + " " + file.bytes() + " " + file.modified() + "\n").getBytes(StandardCharsets.UTF_8));
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /** A folder that is not there holds no picture: each is a reject of its own. */
    private List<Storage.Listed> listed() throws IOException {
        try {
            return storage.list(root);
        } catch (FileNotFoundException absent) {
            return List.of();
        }
    }

    private record PictureFile(ImageFolder folder, String name, Storage.Listed file) implements Found {

        @Override
        public String version() {
            return file.bytes() + " " + file.modified();
        }

        @Override
        public ContentRead read() throws IOException {
            try (InputStream stream = folder.storage.open(file.path())) {
                return ImageContent.read(stream, folder.limits);
            }
        }
    }
}
