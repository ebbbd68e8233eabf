package io.palispark.spark;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** JSON objects as rows of a schema of texts, numbers, lists and structs: absent and null are null, more keys are left out. */
final class JsonRows {

    private JsonRows() {}

    /** @throws IllegalArgumentException for a value of another type, naming its field */
    static Row row(JsonNode object, StructType schema) {
        Object[] values = new Object[schema.size()];
        for (int i = 0; i < values.length; i++) {
            StructField field = schema.apply(i);
            values[i] = value(object.path(field.name()), field.dataType(), field.name());
        }
        return RowFactory.create(values);
    }

    private static Object value(JsonNode node, DataType type, String field) {
        if (node.isMissingNode() || node.isNull()) {
            return null;
        }
        if (type instanceof StructType struct && node.isObject()) {
            return row(node, struct);
        } else if (type instanceof ArrayType array && node.isArray()) {
            List<Object> elements = new ArrayList<>(node.size());
            node.forEach(element -> elements.add(value(element, array.elementType(), field)));
            return elements;
        } else if (type.equals(DataTypes.StringType) && node.isTextual()) {
            return node.textValue();
        } else if (type.equals(DataTypes.IntegerType) && node.isIntegralNumber() && node.canConvertToInt()) {
            return node.intValue();
        } else if (type.equals(DataTypes.DoubleType) && node.isNumber()) {
            return node.doubleValue();
        }
        throw new IllegalArgumentException(field + " is " + node + " where " + type.simpleString() + " is expected");
    }
}
