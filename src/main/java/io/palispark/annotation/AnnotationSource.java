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

    static AnnotationSource of(Path path) {
        return new AnnotationSource() {
            @Override
            public String name() {
                return path.toString();
            }

            @Override
            public InputStream open() throws IOException {
                return Files.newInputStream(path);
            }
        };
    }
}
