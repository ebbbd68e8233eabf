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
 * believed; {@code exif-policy}, {@code stored} or {@code upright}; {@code image-pixels}, {@code image-bytes}, {@code
 * polygon-vertices} and {@code text-length}, which limit what a record may hold, all as in {@code conf/prepare.conf}. One
 * task reads one input: a file, or a group of small ones. Columns that a query does not use are not made.
 */
public final class AnnotationsDataSource implements TableProvider, DataSourceRegister {

    private static final String NAME = "palispark-annotations";
    private static final String FORMAT = "format";
    private static final String IMAGES = "images";
    private static final String EXIF_POLICY = "exif-policy";
    private static final String AUTO = "auto";
    private static final String IMAGE_PIXELS = "image-pixels";
    private static final String IMAGE_BYTES = "image-bytes";
    private static final String POLYGON_VERTICES = "polygon-vertices";
    private static final String TEXT_LENGTH = "text-length";
    private static final int MOST_PIXELS = 715_000_000;

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
                .refuseOthers(
                        List.of(FORMAT, IMAGES, EXIF_POLICY, IMAGE_PIXELS, IMAGE_BYTES, POLYGON_VERTICES, TEXT_LENGTH));
        List<String> paths = options.paths();
        String format = options.text(FORMAT).orElse(AUTO);
        Optional<AnnotationFormat> stated = AnnotationFormat.ofLabel(format);
        if (stated.isEmpty() && !format.equals(AUTO)) {
            throw new IllegalArgumentException("Cannot read " + NAME + ": format is '" + format + "', which is none of "
                    + AUTO + " | " + AnnotationFormat.labels());
        }
        Pictures pictures = new Pictures(
                options.text(IMAGES),
                frame(options.text(EXIF_POLICY).orElse("stored")),
                new ImageLimits(
                        options.number(IMAGE_PIXELS, 178_956_970, MOST_PIXELS),
                        options.bytes(IMAGE_BYTES, 256 << 20, 1 << 30)));
        ReadLimits limits = ReadLimits.DEFAULT
                .withPolygonVertices(
                        options.number(POLYGON_VERTICES, ReadLimits.DEFAULT.polygonVertices(), Integer.MAX_VALUE))
                .withTextLength(options.number(TEXT_LENGTH, ReadLimits.DEFAULT.textLength(), Integer.MAX_VALUE));
        String reads = format + " " + String.join(", ", paths);
        return new ScannedTable(NAME, reads, SqlTypes.ANNOTATION, () -> parts(paths, stated, pictures, limits));
    }

    /** Where pictures are, if anywhere, and what of them is believed and refused. */
    private record Pictures(Optional<String> root, Frame whenAmbiguous, ImageLimits limits) {}

    private static Frame frame(String policy) {
        return Arrays.stream(Frame.values())
                .filter(one -> one.name().toLowerCase(Locale.ROOT).equals(policy))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("Cannot read " + NAME + ": " + EXIF_POLICY + " is '"
                        + policy + "', which is none of stored | upright"));
    }

    private static List<Part> parts(
            List<String> paths, Optional<AnnotationFormat> format, Pictures given, ReadLimits limits)
            throws IOException {
        Storage storage = Storage.of(SparkSession.active());
        Optional<ImageSource> pictures = given.root().isEmpty()
                ? Optional.empty()
                : Optional.of(ImageSource.open(storage, given.root().get(), given.limits()));
        return AnnotationFiles.plan(storage, paths, format, pictures, limits).stream()
                .map(input -> new Part(input, pictures.orElse(null), given.whenAmbiguous(), given.limits(), limits))
                .toList();
    }

    /** @param pictures null where declared sizes are believed: an Optional could not be sent to a task */
    private record Part(
            AnnotationInput input, ImageSource pictures, Frame whenAmbiguous, ImageLimits images, ReadLimits limits)
            implements ScannedTable.Part {
        @Override
        public ScannedTable.Rows open(StructType columns) throws IOException {
            PictureFrames frames = new PictureFrames(Optional.ofNullable(pictures), whenAmbiguous, images);
            return new Rows(new AnnotationTable(input.name(), columns), new CheckedRecords(input, limits, frames));
        }
    }

    private record Rows(AnnotationTable table, CheckedRecords records) implements ScannedTable.Rows {
        @Override
        public boolean hasNext() {
            return records.hasNext();
        }

        @Override
        public Row next() {
            return table.row(records.next());
        }

        @Override
        public void close() throws IOException {
            records.close();
        }
    }
}
