package io.palispark.spark;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Map;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroupFactory;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;

/**
 * A Parquet shard whose {@code image} column is the image feature of Hugging Face datasets and whose schema metadata say
 * so. Pictures are compressed already, so the file is not; small pages let one picture be read by its path alone.
 */
final class ParquetShardWriter implements ImageShardWriter {

    static final MessageType SCHEMA = MessageTypeParser.parseMessageType("""
            message images {
              optional group image {
                optional binary bytes;
                optional binary path (STRING);
              }
              optional int32 width;
              optional int32 height;
              optional binary format (STRING);
              optional int32 orientation;
              optional binary sha256 (STRING);
            }
            """);

    private static final String FEATURES = """
            {"info": {"features": {"image": {"_type": "Image"}, \
            "width": {"dtype": "int32", "_type": "Value"}, "height": {"dtype": "int32", "_type": "Value"}, \
            "format": {"dtype": "string", "_type": "Value"}, "orientation": {"dtype": "int32", "_type": "Value"}, \
            "sha256": {"dtype": "string", "_type": "Value"}}}}""";

    private static final long ROW_GROUP_BYTES = 32L << 20;
    private static final int PAGE_BYTES = 256 << 10;

    private final SimpleGroupFactory groups = new SimpleGroupFactory(SCHEMA);
    private final ByteArrayOutputStream file = new ByteArrayOutputStream();
    private final ParquetWriter<Group> writer;
    private long rows;

    ParquetShardWriter() {
        try {
            writer = ExampleParquetWriter.builder(new MemoryFile(file))
                    .withType(SCHEMA)
                    .withExtraMetaData(Map.of("huggingface", FEATURES))
                    .withRowGroupSize(ROW_GROUP_BYTES)
                    .withPageSize(PAGE_BYTES)
                    .withMinRowCountForPageSizeCheck(1)
                    .withMaxRowCountForPageSizeCheck(8)
                    .withDictionaryEncoding(false)
                    .build();
        } catch (IOException impossible) {
            throw new IllegalStateException("Cannot write a Parquet file in memory", impossible);
        }
    }

    @Override
    public ShardedImage add(String key, String image, ShardedImage.Facts facts, byte[] bytes) throws IOException {
        Group row = groups.newGroup();
        row.addGroup("image")
                .append("bytes", Binary.fromConstantByteArray(bytes))
                .append("path", image);
        row.append("width", facts.width())
                .append("height", facts.height())
                .append("format", facts.format())
                .append("orientation", facts.orientation())
                .append("sha256", facts.sha256());
        writer.write(row);
        return new ShardedImage(image, bytes.length, rows++, facts);
    }

    @Override
    public byte[] finish() throws IOException {
        writer.close();
        return file.toByteArray();
    }
}
