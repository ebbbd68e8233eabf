package io.palispark.spark;

import io.palispark.annotation.AnnotationFormat;
import io.palispark.annotation.AnnotationInput;
import io.palispark.annotation.Frame;
import io.palispark.annotation.ReadLimits;
import io.palispark.image.ImageLimits;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.connector.catalog.Table;
import org.apache.spark.sql.connector.catalog.TableProvider;
import org.apache.spark.sql.connector.expressions.Transform;
import org.apache.spark.sql.sources.DataSourceRegister;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

/**
 * {@code palispark-annotations}: annotation files of every format that {@code prepare} reads, a row a record, as {@link
 * SqlTypes#ANNOTATION}. Options, beside the path: {@code format}, of {@code input.format} ({@code auto} unless given);
 * {@code images}, a folder or shards of pictures, which sizes and turns are then taken from, else declared sizes are
 * believed; {@code exif-policy}, {@code stored} or {@code upright}, as in {@code conf/prepare.conf}. One task reads one
 * input: a file, or a group of small ones.
 */
public final class AnnotationsDataSource implements TableProvider, DataSourceRegister {

    private static final String NAME = "palispark-annotations";
    private static final String FORMAT = "format";
    private static final String IMAGES = "images";
    private static final String EXIF_POLICY = "exif-policy";
    private static final String AUTO = "auto";

    @Override
    public String shortName() {
        return NAME;
    }

    @Override
    public StructType inferSchema(CaseInsensitiveStringMap options) {
        return SqlTypes.ANNOTATION;
    }

    @Override
    public Table getTable(StructType schema, Transform[] partitioning, Map<String, String> properties) {
        SourceOptions options = new SourceOptions(NAME, new CaseInsensitiveStringMap(properties))
                .refuseOthers(List.of(FORMAT, IMAGES, EXIF_POLICY));
        List<String> paths = options.paths();
        String format = options.text(FORMAT).orElse(AUTO);
        Optional<AnnotationFormat> stated = AnnotationFormat.ofLabel(format);
        if (stated.isEmpty() && !format.equals(AUTO)) {
            throw new IllegalArgumentException("Cannot read " + NAME + ": format is '" + format + "', which is none of "
                    + AUTO + " | " + AnnotationFormat.labels());
        }
        Frame frame = frame(options.text(EXIF_POLICY).orElse("stored"));
        Optional<String> images = options.text(IMAGES);
        String reads = format + " " + String.join(", ", paths);
        return new ScannedTable(NAME, reads, SqlTypes.ANNOTATION, () -> parts(paths, stated, images, frame));
    }

    private static Frame frame(String policy) {
        return Arrays.stream(Frame.values())
                .filter(one -> one.name().toLowerCase(Locale.ROOT).equals(policy))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("Cannot read " + NAME + ": " + EXIF_POLICY + " is '"
                        + policy + "', which is none of stored | upright"));
    }

    private static List<Part> parts(
            List<String> paths, Optional<AnnotationFormat> format, Optional<String> images, Frame frame)
            throws IOException {
        Storage storage = Storage.of(SparkSession.active());
        Optional<ImageSource> pictures = images.isEmpty()
                ? Optional.empty()
                : Optional.of(ImageSource.open(storage, images.get(), ImageLimits.DEFAULT));
        return AnnotationFiles.plan(storage, paths, format, pictures, ReadLimits.DEFAULT).stream()
                .map(input -> new Part(input, pictures.orElse(null), frame))
                .toList();
    }

    /** @param pictures null where declared sizes are believed: an Optional could not be sent to a task */
    private record Part(AnnotationInput input, ImageSource pictures, Frame whenAmbiguous) implements ScannedTable.Part {
        @Override
        public ScannedTable.Rows open() throws IOException {
            PictureFrames frames = new PictureFrames(Optional.ofNullable(pictures), whenAmbiguous, ImageLimits.DEFAULT);
            return new Rows(input.name(), new CheckedRecords(input, ReadLimits.DEFAULT, frames));
        }
    }

    private record Rows(String source, CheckedRecords records) implements ScannedTable.Rows {
        @Override
        public boolean hasNext() {
            return records.hasNext();
        }

        @Override
        public Row next() {
            return AnnotationTable.row(source, records.next());
        }

        @Override
        public void close() throws IOException {
            records.close();
        }
    }
}
