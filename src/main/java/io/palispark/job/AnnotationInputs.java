package io.palispark.job;

import io.palispark.annotation.AnnotationFormat;
import io.palispark.annotation.AnnotationInput;
import io.palispark.annotation.AnnotationReader;
import io.palispark.annotation.AnnotationRecord;
import io.palispark.annotation.ReadLimits;
import io.palispark.spark.HadoopAnnotationSource;
import io.palispark.spark.Storage;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The annotation files of a run: listed and hashed on the driver, each read by one task. */
final class AnnotationInputs implements Serializable {

    private static final long serialVersionUID = 1L;
    private static final Logger LOG = LoggerFactory.getLogger(AnnotationInputs.class);
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

    /** All records; each file, or pair of files that belong together, is read by one task. */
    JavaRDD<AnnotationRecord> records(JavaSparkContext spark) throws IOException {
        List<Reading> readings = readings();
        return spark.parallelize(readings, Math.max(1, readings.size())).flatMap(this::read);
    }

    /** How a file is read; {@code answers} is null where it stands alone. Moves to the task that reads. */
    private record Reading(
            AnnotationFormat format, HadoopAnnotationSource source, HadoopAnnotationSource answers, String why)
            implements Serializable {}

    private List<Reading> readings() throws IOException {
        List<HadoopAnnotationSource> sources = files.stream()
                .map(file -> new HadoopAnnotationSource(storage, file.path(), file.name()))
                .toList();
        Optional<AnnotationFormat> stated = switch (format) {
            case AUTO -> Optional.empty();
            case COCO -> Optional.of(AnnotationFormat.COCO);
            case COCO_CAPTIONS -> Optional.of(AnnotationFormat.COCO_CAPTIONS);
            case VQAV2 -> Optional.of(AnnotationFormat.VQAV2);
        };
        List<Reading> readings = new ArrayList<>();
        for (AnnotationInput input : AnnotationInput.plan(sources, stated, limits)) {
            LOG.info("Reading {} as {}: {}", input.source().name(), input.format(), input.why());
            readings.add(new Reading(
                    input.format(),
                    (HadoopAnnotationSource) input.source(),
                    (HadoopAnnotationSource) input.answers().orElse(null),
                    input.why()));
        }
        return readings;
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

    private AnnotationReader read(Reading reading) {
        AnnotationInput input = new AnnotationInput(
                reading.format(), reading.source(), Optional.ofNullable(reading.answers()), reading.why());
        try {
            return input.open(limits);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(
                    "Cannot read " + reading.source().path() + ": " + unreadable.getMessage(), unreadable);
        }
    }
}
