package io.palispark.job;

import io.palispark.annotation.AnnotationReader;
import io.palispark.annotation.CocoReader;
import io.palispark.annotation.ReadLimits;
import io.palispark.spark.HadoopAnnotationSource;
import io.palispark.spark.Storage;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/** The annotation files of a run: listed and hashed on the driver, each read by one task. */
final class AnnotationInputs implements Serializable {

    private static final long serialVersionUID = 1L;

    private final Storage storage;
    private final List<Input> files;
    private final PrepareConfig.InputFormat format;
    private final ReadLimits limits;

    private AnnotationInputs(Storage storage, List<Input> files, PrepareConfig.InputFormat format, ReadLimits limits) {
        this.storage = storage;
        this.files = files;
        this.format = format;
        this.limits = limits;
    }

    /**
     * @param name as reported in findings: the path as the user gave it
     * @param path full path
     */
    record Input(String name, String path, long bytes, String sha256) implements Serializable {}

    static AnnotationInputs list(Storage storage, PrepareConfig config) throws IOException {
        List<Input> files = new ArrayList<>();
        for (String given : config.input().annotations()) {
            for (Storage.Listed file : storage.list(given)) {
                String name = file.path().substring(file.path().lastIndexOf('/') + 1);
                files.add(new Input(name, file.path(), file.bytes(), storage.sha256(file.path())));
            }
        }
        ReadLimits limits = ReadLimits.DEFAULT
                .withPolygonVertices(config.limits().polygonVertices())
                .withTextLength(config.limits().textLength());
        return new AnnotationInputs(storage, files, config.input().format(), limits);
    }

    List<Input> files() {
        return files;
    }

    long bytes() {
        return files.stream().mapToLong(Input::bytes).sum();
    }

    /** The names of the files, as findings state where a record came from. */
    String source() {
        return String.join(", ", files.stream().map(Input::name).toList());
    }

    AnnotationReader read(Input file) {
        HadoopAnnotationSource source = new HadoopAnnotationSource(storage, file.path(), file.name());
        try {
            return CocoReader.open(source, limits);
        } catch (IOException unreadable) {
            throw new java.io.UncheckedIOException(
                    "Cannot read " + file.path() + ": " + unreadable.getMessage(), unreadable);
        }
    }
}
