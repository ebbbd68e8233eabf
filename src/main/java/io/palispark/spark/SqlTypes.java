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

    private SqlTypes() {}
}
