package io.palispark.job;

import io.palispark.annotation.AnnotationFormat;
import io.palispark.annotation.AnnotationInput;
import io.palispark.annotation.AnnotationReader;
import io.palispark.annotation.AnnotationRecord;
import io.palispark.annotation.AnnotationRecord.ImageRow;
import io.palispark.annotation.AnnotationSource;
import io.palispark.annotation.ReadLimits;
import io.palispark.spark.AnnotationFiles;
import io.palispark.spark.HadoopAnnotationSource;
import io.palispark.spark.ImageSource;
import io.palispark.spark.SourcedRecord;
import io.palispark.spark.Storage;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;

/** The annotation files of a run: listed and sorted into inputs on the driver, each input hashed and read by one task. */
final class AnnotationInputs implements Serializable {

    private static final long serialVersionUID = 1L;
    private static final int MAXIMUM_PARTS = 100_000;

    /** Documents whose exports lie among the pictures that they name without a folder. */
    private static final Set<AnnotationFormat> NAMED_FROM_DOCUMENT =
            EnumSet.of(AnnotationFormat.COCO, AnnotationFormat.COCO_CAPTIONS, AnnotationFormat.CSV);

    private final List<AnnotationInput> inputs;
    private final List<Input> files;
    private final ReadLimits limits;

    private AnnotationInputs(List<AnnotationInput> inputs, List<Input> files, ReadLimits limits) {
        this.inputs = inputs;
        this.files = files;
        this.limits = limits;
    }

    /**
     * What one reader reads.
     *
     * @param name as reported in findings
     * @param files how many, label pictures among them
     * @param sha256 of the file; of the names and hashes of all where there are several
     */
    record Input(String name, int files, long bytes, String sha256) implements Serializable {}

    /**
     * Lists the files at or below the given paths, sorts them into inputs and hashes those.
     *
     * @param pictures asked for their names by formats whose annotations do not name them; empty takes the pictures among
     *     the files
     */
    static AnnotationInputs list(
            JavaSparkContext spark,
            Storage storage,
            List<String> paths,
            Optional<AnnotationFormat> format,
            Optional<ImageSource> pictures,
            ReadLimits limits)
            throws IOException {
        List<AnnotationInput> inputs = AnnotationFiles.plan(storage, paths, format, pictures, limits);
        return new AnnotationInputs(inputs, hashed(spark, inputs), limits);
    }

    private static List<Input> hashed(JavaSparkContext spark, List<AnnotationInput> inputs) {
        return spark.parallelize(inputs, Math.max(1, inputs.size()))
                .map(AnnotationInputs::hashed)
                .collect();
    }

    private static Input hashed(AnnotationInput input) throws IOException {
        StringBuilder hashes = new StringBuilder();
        long bytes = 0;
        List<AnnotationSource> sources = input.sources();
        for (AnnotationSource source : sources) {
            String hash = ((HadoopAnnotationSource) source).sha256();
            if (sources.size() == 1) {
                return new Input(input.name(), 1, source.bytes(), hash);
            }
            hashes.append(source.name()).append(' ').append(hash).append('\n');
            bytes += source.bytes();
        }
        return new Input(input.name(), sources.size(), bytes, PrepareManifest.sha256(hashes.toString()));
    }

    /** All records; each input is read by one task. */
    JavaRDD<AnnotationRecord> records(JavaSparkContext spark) {
        return spark.parallelize(inputs, Math.max(1, inputs.size())).flatMap(this::read);
    }

    /** All records with where they come from; pictures are in the split and below the folder of their document. */
    JavaRDD<SourcedRecord> records(JavaSparkContext spark, int source) {
        List<Numbered> numbered = new ArrayList<>();
        for (AnnotationInput input : inputs) {
            numbered.add(new Numbered(numbered.size(), input));
        }
        return spark.parallelize(numbered, Math.max(1, inputs.size()))
                .flatMap(input -> new Placing(input, source, read(input.input())));
    }

    private record Placing(Numbered input, int source, AnnotationReader reader) implements Iterator<SourcedRecord> {
        @Override
        public boolean hasNext() {
            return reader.hasNext();
        }

        @Override
        public SourcedRecord next() {
            return input.place(source, reader.next());
        }
    }

    private record Numbered(int number, AnnotationInput input) implements Serializable {

        SourcedRecord place(int source, AnnotationRecord record) {
            int file = input.format() == AnnotationFormat.VQAV2 ? SourcedRecord.ANY_FILE : number;
            if (!(record instanceof ImageRow row)) {
                return new SourcedRecord(source, file, record);
            }
            int slash = input.name().lastIndexOf('/');
            String folder = NAMED_FROM_DOCUMENT.contains(input.format()) && slash > 0
                    ? input.name().substring(0, slash)
                    : "";
            return new SourcedRecord(source, file, row.within(folder, input.split()));
        }
    }

    /** The records of several sources, numbered in this order. */
    static JavaRDD<SourcedRecord> records(JavaSparkContext spark, List<AnnotationInputs> sources) {
        JavaRDD<SourcedRecord> all = sources.get(0).records(spark, 0);
        for (int source = 1; source < sources.size(); source++) {
            all = all.union(sources.get(source).records(spark, source));
        }
        return all;
    }

    /** Parts follow from the bytes of the input alone, so that any cluster makes the same shards. */
    static int parts(List<AnnotationInputs> sources, long shardBytes) {
        long bytes = sources.stream()
                .flatMap(source -> source.files.stream())
                .mapToLong(Input::bytes)
                .sum();
        return (int) Math.max(1, Math.min(MAXIMUM_PARTS, (bytes + shardBytes - 1) / shardBytes));
    }

    /** The files of all inputs. */
    List<HadoopAnnotationSource> sources() {
        return inputs.stream()
                .flatMap(input -> input.sources().stream())
                .map(HadoopAnnotationSource.class::cast)
                .toList();
    }

    List<Input> files() {
        return files;
    }

    /** The names of the inputs, as findings state where a record came from. */
    String source() {
        return AnnotationFiles.shortened(files.stream().map(Input::name).toList());
    }

    private AnnotationReader read(AnnotationInput input) {
        try {
            return input.open(limits);
        } catch (IOException unreadable) {
            throw new UncheckedIOException("Cannot read " + input.name() + ": " + unreadable.getMessage(), unreadable);
        }
    }
}
