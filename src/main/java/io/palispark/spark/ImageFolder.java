package io.palispark.spark;

import io.palispark.dataset.StableHash;
import io.palispark.image.ContentRead;
import io.palispark.image.ImageContent;
import io.palispark.image.ImageLimits;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;

/** Picture files below a folder of any Hadoop file system. */
public record ImageFolder(Storage storage, String root, ImageLimits limits) implements ImageSource {

    @Override
    public Optional<Found> named(String name) throws IOException {
        return storage.find(root + "/" + name)
                .map(file -> new PictureFile(this, name, file, ReadingNotes.ofTask(storage)));
    }

    @Override
    public List<String> names() throws IOException {
        int start = storage.qualified(root).length() + 1;
        return storage.list(root).stream()
                .map(file -> file.path().substring(start))
                .toList();
    }

    /** Sums hashes, so that millions of files are neither held nor sorted. */
    @Override
    public String version() throws IOException {
        LongAdder files = new LongAdder();
        LongAdder hashes = new LongAdder();
        try {
            storage.visit(root, file -> {
                files.increment();
                hashes.add(StableHash.of(file.path(), version(file)));
            });
        } catch (FileNotFoundException absent) {
            return "no folder"; // each of its pictures is a reject of its own
        }
        return files + " files " + Long.toHexString(hashes.sum());
    }

    private static String version(Storage.Listed file) {
        return file.bytes() + " " + file.modified();
    }

    private record PictureFile(ImageFolder folder, String name, Storage.Listed file, ReadingNotes notes)
            implements Found {

        @Override
        public String version() {
            return ImageFolder.version(file);
        }

        @Override
        public long bytes() {
            return file.bytes();
        }

        @Override
        public ContentRead read() throws IOException {
            notes.reading(name);
            try (InputStream stream = folder.storage.open(file.path())) {
                return ImageContent.read(stream, folder.limits);
            }
        }
    }
}
