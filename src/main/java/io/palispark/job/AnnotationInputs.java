package io.palispark.job;

import io.palispark.annotation.AnnotationReader;
import io.palispark.annotation.AnnotationRecord;
import io.palispark.annotation.CocoReader;
import io.palispark.annotation.ReadLimits;
import io.palispark.spark.HadoopAnnotationSource;
import io.palispark.spark.Storage;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;

/** The annotation files of a run: listed and hashed on the driver, each read by one task. */
final class AnnotationInputs implements Serializable {

    private static final long serialVersionUID = 1L;
    private static final int MAXIMUM_PARTS = 100_000;

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

    /** Lists and hashes the files at or below the given paths. */
    static AnnotationInputs list(
            Storage storage, List<String> paths, PrepareConfig.InputFormat format, ReadLimits limits)
            throws IOException {
        List<Input> files = new ArrayList<>();
        for (String given : paths) {
            for (Storage.Listed file : storage.list(given)) {
                String name = file.path().substring(file.path().lastIndexOf('/') + 1);
                files.add(new Input(name, file.path(), file.bytes(), storage.sha256(file.path())));
            }
        }
        return new AnnotationInputs(storage, files, format, limits);
    }

    /** All records, each file read by one task. */
    JavaRDD<AnnotationRecord> records(JavaSparkContext spark) {
        return spark.parallelize(files, Math.max(1, files.size())).flatMap(this::read);
    }

    /** Parts follow from the bytes of the input alone, so that any cluster makes the same shards. */
    int parts(long shardBytes) {
        long bytes = files.stream().mapToLong(Input::bytes).sum();
        return (int) Math.max(1, Math.min(MAXIMUM_PARTS, (bytes + shardBytes - 1) / shardBytes));
    }

    List<Input> files() {
        return files;
    }

    /** The names of the files, as findings state where a record came from. */
    String source() {
        return String.join(", ", files.stream().map(Input::name).toList());
    }

    private AnnotationReader read(Input file) {
        HadoopAnnotationSource source = new HadoopAnnotationSource(storage, file.path(), file.name());
        try {
            return CocoReader.open(source, limits);
        } catch (IOException unreadable) {
            throw new java.io.UncheckedIOException(
                    "Cannot read " + file.path() + ": " + unreadable.getMessage(), unreadable);
        }
    }
}
