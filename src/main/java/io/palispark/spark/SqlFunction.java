package io.palispark.spark;

import io.palispark.geometry.Box;
import io.palispark.geometry.ImageSize;
import io.palispark.geometry.PolygonRasterizer;
import io.palispark.geometry.PolygonRegion;
import io.palispark.geometry.Region;
import io.palispark.geometry.RunLengthMask;
import java.util.Locale;
import java.util.Optional;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;

/**
 * The SQL functions. Arguments come as Spark's rows hold them outside its engine: text, numbers, sequences, rows. A null or
 * malformed argument gives null; what is wrong inside a model's text is an element with a defect.
 */
enum SqlFunction {
    PALIGEMMA_ENCODE(
            "label, bbox, segmentation, height, width",
            "The suffix of an object, <loc> and <seg> tokens and its label, as prepare writes it. bbox is [x, y, width,"
                    + " height] in pixels, null for the mask's own; segmentation is polygons or run lengths as in COCO,"
                    + " null for none.",
            "'cat', array(10, 20, 100, 50), null, 480, 640",
            DataTypes.StringType) {
        @Override
        Object call(SqlCodec codec, Object... arguments) {
            Optional<ImageSize> image = SqlValues.size(arguments[3], arguments[4]);
            Optional<Box> box = SqlValues.box(arguments[1]);
            Optional<Region> region = SqlValues.region(arguments[2]);
            boolean malformed = (arguments[1] != null && box.isEmpty()) || (arguments[2] != null && region.isEmpty());
            if (malformed || image.isEmpty() || (box.isEmpty() && region.isEmpty())) {
                return null;
            }
            String label = SqlValues.text(arguments[0]).orElse("");
            return codec.encode(label, box, region, image.get()).orElse(null);
        }
    },
    PALIGEMMA_PARSE(
            "text",
            "The objects of a model's text in bins and codes, and a defect for every token that belongs to none.",
            "'<loc0100><loc0200><loc0300><loc0400> cat'",
            SqlTypes.PARSED) {
        @Override
        Object call(SqlCodec codec, Object... arguments) {
            return SqlValues.text(arguments[0]).map(codec::parse).orElse(null);
        }
    },
    PALIGEMMA_DECODE(
            "text, height, width",
            "The objects of a model's text as boxes [x, y, width, height] and pasted masks in pixels of the image, and"
                    + " its defects.",
            "'<loc0100><loc0200><loc0300><loc0400> cat', 480, 640",
            SqlTypes.DECODED) {
        @Override
        Object call(SqlCodec codec, Object... arguments) {
            Optional<ImageSize> image = SqlValues.size(arguments[1], arguments[2]);
            return SqlValues.text(arguments[0])
                    .flatMap(text -> image.map(size -> codec.decode(text, size)))
                    .orElse(null);
        }
    },
    PALIGEMMA_BOX_TOKENS(
            "bbox, height, width",
            "The four location tokens of a box [x, y, width, height] in pixels.",
            "array(10, 20, 100, 50), 480, 640",
            DataTypes.StringType) {
        @Override
        Object call(SqlCodec codec, Object... arguments) {
            Optional<ImageSize> image = SqlValues.size(arguments[1], arguments[2]);
            return SqlValues.box(arguments[0])
                    .flatMap(box -> image.flatMap(size -> codec.boxTokens(box, size)))
                    .orElse(null);
        }
    },
    MASK_IOU(
            "first, second",
            "Intersection over union of two run-length masks of the same image size.",
            "'{\"size\":[2,2],\"counts\":[1,3]}', '{\"size\":[2,2],\"counts\":[2,2]}'",
            DataTypes.DoubleType) {
        @Override
        Object call(SqlCodec codec, Object... arguments) {
            Optional<RunLengthMask> first = SqlValues.mask(arguments[0]);
            Optional<RunLengthMask> second = SqlValues.mask(arguments[1]);
            boolean comparable = first.isPresent()
                    && second.isPresent()
                    && first.get().size().equals(second.get().size());
            return comparable ? first.get().iou(second.get()) : null;
        }
    },
    RLE_AREA(
            "rle", "Pixels that a run-length mask covers.", "'{\"size\":[2,2],\"counts\":[1,3]}'", DataTypes.LongType) {
        @Override
        Object call(SqlCodec codec, Object... arguments) {
            return SqlValues.mask(arguments[0]).map(RunLengthMask::area).orElse(null);
        }
    },
    POLYGON_TO_RLE(
            "polygons, height, width",
            "The run-length mask of COCO polygons, pixel for pixel as pycocotools makes it.",
            "array(array(0, 0, 4, 0, 4, 4, 0, 4)), 8, 8",
            SqlTypes.MASK) {
        @Override
        Object call(SqlCodec codec, Object... arguments) {
            Optional<ImageSize> image = SqlValues.size(arguments[1], arguments[2]);
            Optional<PolygonRegion> polygons = SqlValues.region(arguments[0])
                    .filter(PolygonRegion.class::isInstance)
                    .map(PolygonRegion.class::cast);
            return polygons.flatMap(rings -> image.map(size -> SqlCodec.mask(PolygonRasterizer.rasterize(rings, size))))
                    .orElse(null);
        }
    };

    private final String arguments;
    private final String meaning;
    private final String example;
    private final transient DataType result;

    SqlFunction(String arguments, String meaning, String example, DataType result) {
        this.arguments = arguments;
        this.meaning = meaning;
        this.example = example;
        this.result = result;
    }

    abstract Object call(SqlCodec codec, Object... arguments);

    /** As it stands in a query. */
    String sqlName() {
        return name().toLowerCase(Locale.ROOT);
    }

    int arity() {
        return arguments.split(",").length;
    }

    DataType result() {
        return result;
    }

    /** One line for {@code DESCRIBE FUNCTION}. */
    String usage() {
        return sqlName() + "(" + arguments + ") - " + meaning;
    }

    /** For {@code DESCRIBE FUNCTION EXTENDED}. */
    String examples() {
        return "\n    Examples:\n      > SELECT " + sqlName() + "(" + example + ");\n  ";
    }
}
