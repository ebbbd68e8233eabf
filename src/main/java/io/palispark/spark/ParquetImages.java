package io.palispark.spark;

import static org.apache.parquet.filter2.predicate.FilterApi.binaryColumn;
import static org.apache.parquet.filter2.predicate.FilterApi.eq;

import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.filter2.compat.FilterCompat;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.example.GroupReadSupport;
import org.apache.parquet.io.api.Binary;

/** Reads one picture of a Parquet shard; the column index leads to the pages that hold it. */
final class ParquetImages {

    private ParquetImages() {}

    static byte[] read(Storage storage, String shard, String image) throws IOException {
        Configuration configuration = storage.configuration();
        try (ParquetReader<Group> reader = ParquetReader.builder(new GroupReadSupport(), new Path(shard))
                .withConf(configuration)
                .withFilter(FilterCompat.get(eq(binaryColumn("image.path"), Binary.fromString(image))))
                .build()) {
            Group row = reader.read();
            if (row == null) {
                throw new IOException("Cannot read " + image + " from " + shard
                        + ": its index names it but the shard has no such row; write the shards again");
            }
            return row.getGroup("image", 0).getBinary("bytes", 0).getBytes();
        }
    }
}
