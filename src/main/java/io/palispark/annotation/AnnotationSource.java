package io.palispark.annotation;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** An annotation file that can be read from its start more than once, wherever it is stored. */
public interface AnnotationSource {

    /** The file's name as given by the user; it stands in every {@link Finding}. */
    String name();

    /** A new stream at the first byte, which the caller closes. Bare or gzip: readers look at the bytes. */
    InputStream open() throws IOException;

    /** Length in bytes where a listing told it, else 0: small files are read in groups of about equal size. */
    default long bytes() {
        return 0;
    }

    static AnnotationSource of(Path path) {
        return of(path, path.toString());
    }

    /** @param name relative to the folder that the user named, with forward slashes */
    static AnnotationSource of(Path path, String name) {
        return new AnnotationSource() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public InputStream open() throws IOException {
                return Files.newInputStream(path);
            }
        };
    }
}
