package io.palispark.spark;

import io.palispark.image.ContentRead;
import io.palispark.image.ImageContent;
import io.palispark.image.ImageLimits;
import java.io.IOException;
import java.io.InputStream;
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
