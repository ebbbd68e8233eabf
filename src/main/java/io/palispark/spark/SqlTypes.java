package io.palispark.spark;

import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Structured types of the SQL functions and data sources. Version 1: fields keep their names, types and order; a later
 * version may only add fields behind them.
 */
final class SqlTypes {

    static final ArrayType NUMBERS = DataTypes.createArrayType(DataTypes.DoubleType);
    static final ArrayType WHOLE_NUMBERS = DataTypes.createArrayType(DataTypes.IntegerType);

    /** A mask as pycocotools takes it: {@code size} is height and width, {@code counts} compressed run lengths. */
    static final StructType MASK = new StructType().add("size", WHOLE_NUMBERS).add("counts", DataTypes.StringType);

    /** What is wrong with a text, and at which UTF-16 code unit. */
    static final StructType TEXT_DEFECT = new StructType()
            .add("code", DataTypes.StringType)
            .add("at", DataTypes.IntegerType)
            .add("detail", DataTypes.StringType);

    /** In the order of the text: an object whose {@code defect} is null, or a defect and nothing else. */
    static final DataType PARSED = DataTypes.createArrayType(new StructType()
            .add("box", WHOLE_NUMBERS)
            .add("codes", WHOLE_NUMBERS)
            .add("label", DataTypes.StringType)
            .add("defect", TEXT_DEFECT));

    /** As {@link #PARSED}, in pixels. */
    static final DataType DECODED = DataTypes.createArrayType(new StructType()
            .add("label", DataTypes.StringType)
            .add("bbox", NUMBERS)
            .add("segmentation", MASK)
            .add("defect", TEXT_DEFECT));

    private static final StructType CODED =
            new StructType().add("code", DataTypes.StringType).add("detail", DataTypes.StringType);

    /**
     * A record of annotation files. {@code kind} is image, object, caption, question, or file for what is to be said of a
     * whole file. {@code reject} is null for a usable record, else the code that {@code prepare} rejects it with, and then
     * its content is null; {@code warnings} are repairs and doubts. Sizes, boxes [x, y, width, height] and masks are in
     * pixels of the upright picture; {@code sequence} is the place in the file's list, from 0.
     */
    static final StructType ANNOTATION = new StructType()
            .add("kind", DataTypes.StringType)
            .add("source", DataTypes.StringType)
            .add("image", DataTypes.StringType)
            .add("image_id", DataTypes.StringType)
            .add("height", DataTypes.IntegerType)
            .add("width", DataTypes.IntegerType)
            .add("split", DataTypes.StringType)
            .add("id", DataTypes.StringType)
            .add("sequence", DataTypes.LongType)
            .add("label", DataTypes.StringType)
            .add("bbox", NUMBERS)
            .add("segmentation", MASK)
            .add("crowd", DataTypes.BooleanType)
            .add("caption", DataTypes.StringType)
            .add("question", DataTypes.StringType)
            .add("answers", DataTypes.createArrayType(DataTypes.StringType))
            .add("answer", DataTypes.StringType)
            .add("reject", DataTypes.StringType)
            .add("detail", DataTypes.StringType)
            .add("warnings", DataTypes.createArrayType(CODED));

    private static final StructType SCORES = new StructType()
            .add("label", DataTypes.DoubleType)
            .add("box", DataTypes.DoubleType)
            .add("mask", DataTypes.DoubleType);

    /**
     * A line of a predictions folder under its own names; masks that were written as polygons are run lengths here.
     * {@code guard} is null where no content guard was asked, {@code tiles} where the picture was seen whole. A line that
     * cannot be read has {@code reject} and {@code detail} and nothing else.
     */
    static final StructType PREDICTION = new StructType()
            .add("image", DataTypes.StringType)
            .add("prefix", DataTypes.StringType)
            .add("width", DataTypes.IntegerType)
            .add("height", DataTypes.IntegerType)
            .add("status", DataTypes.StringType)
            .add("error", CODED)
            .add("text", DataTypes.StringType)
            .add("token_ids", WHOLE_NUMBERS)
            .add("token_logprobs", NUMBERS)
            .add("finish", DataTypes.StringType)
            .add(
                    "objects",
                    DataTypes.createArrayType(new StructType()
                            .add("label", DataTypes.StringType)
                            .add("bbox", NUMBERS)
                            .add("segmentation", MASK)
                            .add("score", DataTypes.DoubleType)
                            .add("scores", SCORES)
                            .add("mask_file", DataTypes.StringType)))
            .add("defects", DataTypes.createArrayType(TEXT_DEFECT))
            .add(
                    "tiles",
                    DataTypes.createArrayType(new StructType()
                            .add("tile", WHOLE_NUMBERS)
                            .add("text", DataTypes.StringType)
                            .add("token_ids", WHOLE_NUMBERS)
                            .add("token_logprobs", NUMBERS)
                            .add("finish", DataTypes.StringType)))
            .add(
                    "guard",
                    new StructType()
                            .add("verdict", DataTypes.StringType)
                            .add("categories", DataTypes.createArrayType(DataTypes.StringType))
                            .add("reason", DataTypes.StringType)
                            .add("detail", DataTypes.StringType))
            .add("reject", DataTypes.StringType)
            .add("detail", DataTypes.StringType);

    private SqlTypes() {}
}
