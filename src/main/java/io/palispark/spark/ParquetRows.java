package io.palispark.spark;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroupFactory;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.apache.parquet.schema.Type;

/** JSON objects as the rows of one Parquet file, Snappy-compressed; the same objects give the same bytes. */
public final class ParquetRows {

    private ParquetRows() {}

    /**
     * Writes a file in memory.
     *
     * @param schema in Parquet's own notation: optional int32, double and binary (STRING) fields, groups, and lists of
     *     three levels. Keys that it lacks are left out; keys that an object lacks, or that are null, become null.
     * @throws IllegalArgumentException for a value that is not of its column's type
     */
    public static byte[] write(String schema, List<? extends JsonNode> objects) throws IOException {
        MessageType type = MessageTypeParser.parseMessageType(schema);
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        try (ParquetWriter<Group> writer = ExampleParquetWriter.builder(new MemoryFile(file))
                .withType(type)
                .withCompressionCodec(CompressionCodecName.SNAPPY)
                .build()) {
            SimpleGroupFactory groups = new SimpleGroupFactory(type);
            for (JsonNode object : objects) {
                Group row = groups.newGroup();
                fill(row, type, object);
                writer.write(row);
            }
        }
        return file.toByteArray();
    }

    private static void fill(Group group, GroupType type, JsonNode object) {
        for (Type field : type.getFields()) {
            JsonNode value = object.path(field.getName());
            if (!value.isMissingNode() && !value.isNull()) {
                put(group, field, value);
            }
        }
    }

    private static void put(Group group, Type field, JsonNode value) {
        if (field.isPrimitive()) {
            putPrimitive(group, field, value);
        } else if (field.getLogicalTypeAnnotation() instanceof LogicalTypeAnnotation.ListLogicalTypeAnnotation) {
            GroupType repeated = field.asGroupType().getType(0).asGroupType();
            Group list = group.addGroup(field.getName());
            for (JsonNode element : value) {
                put(list.addGroup(repeated.getName()), repeated.getType(0), element);
            }
        } else {
            fill(group.addGroup(field.getName()), field.asGroupType(), value);
        }
    }

    private static void putPrimitive(Group group, Type field, JsonNode value) {
        boolean fits = switch (field.asPrimitiveType().getPrimitiveTypeName()) {
            case INT32 -> value.canConvertToInt() && value.isIntegralNumber();
            case DOUBLE -> value.isNumber();
            case BINARY -> value.isTextual();
            default -> false;
        };
        if (!fits) {
            throw new IllegalArgumentException("Cannot write " + value + " to Parquet: " + field + " has another type");
        }
        switch (field.asPrimitiveType().getPrimitiveTypeName()) {
            case INT32 -> group.add(field.getName(), value.intValue());
            case DOUBLE -> group.add(field.getName(), value.doubleValue());
            default -> group.add(field.getName(), value.textValue());
        }
    }
}
