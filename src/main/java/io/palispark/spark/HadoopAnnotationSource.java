package io.palispark.spark;

import io.palispark.annotation.AnnotationSource;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;

/** An annotation file on a Hadoop file system, reported under the name the user gave. */
public record HadoopAnnotationSource(Storage storage, String path, String name, long bytes)
        implements AnnotationSource, Serializable {

    private static final int BUFFER = 1 << 18;

    /** A file whose length does not matter. */
    public HadoopAnnotationSource(Storage storage, String path, String name) {
        this(storage, path, name, 0);
    }

    @Override
    public InputStream open() throws IOException {
        return new BufferedInputStream(storage.open(path), BUFFER);
    }

    /** Lower-case hexadecimal SHA-256 of the file's bytes. */
    public String sha256() throws IOException {
        return storage.sha256(path);
    }
}
