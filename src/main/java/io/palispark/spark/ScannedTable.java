package io.palispark.spark;

import java.io.Closeable;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.CatalystTypeConverters;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.catalog.SupportsRead;
import org.apache.spark.sql.connector.catalog.TableCapability;
import org.apache.spark.sql.connector.read.Batch;
import org.apache.spark.sql.connector.read.InputPartition;
import org.apache.spark.sql.connector.read.PartitionReader;
import org.apache.spark.sql.connector.read.PartitionReaderFactory;
import org.apache.spark.sql.connector.read.Scan;
import org.apache.spark.sql.connector.read.ScanBuilder;
import org.apache.spark.sql.connector.read.SupportsPushDownRequiredColumns;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;
import scala.Function1;

/**
 * A table that is only read, part by part, through Spark's connector interfaces: those are Java's own, the same in every
 * Spark that the jar meets.
 *
 * @param name of the data source
 * @param reads what plans show beside the name
 */
record ScannedTable(String name, String reads, StructType schema, Plan plan) implements SupportsRead, Scan, Batch {

    /** Lists the parts, on the driver, when a query is about to run. */
    @FunctionalInterface
    interface Plan {
        List<? extends Part> parts() throws IOException;
    }

    /** What one task reads. */
    interface Part extends InputPartition {
        /** @param columns some of the table's, which alone its rows have */
        Rows open(StructType columns) throws IOException;
    }

    /** Rows of the asked columns, as Spark's rows hold them outside its engine. */
    interface Rows extends Iterator<Row>, Closeable {}

    @Override
    public Set<TableCapability> capabilities() {
        return Set.of(TableCapability.BATCH_READ);
    }

    @Override
    public ScanBuilder newScanBuilder(CaseInsensitiveStringMap options) {
        return new Selection(this);
    }

    /** The columns that a query uses; a column is read whole or not at all. */
    private static final class Selection implements SupportsPushDownRequiredColumns {

        private ScannedTable selected;

        Selection(ScannedTable whole) {
            this.selected = whole;
        }

        @Override
        public void pruneColumns(StructType required) {
            Set<String> names = Set.of(required.fieldNames());
            StructField[] kept = Arrays.stream(selected.schema.fields())
                    .filter(field -> names.contains(field.name()))
                    .toArray(StructField[]::new);
            selected = new ScannedTable(selected.name, selected.reads, new StructType(kept), selected.plan);
        }

        @Override
        public Scan build() {
            return selected;
        }
    }

    @Override
    public StructType readSchema() {
        return schema;
    }

    @Override
    public String description() {
        return reads;
    }

    @Override
    public Batch toBatch() {
        return this;
    }

    @Override
    public InputPartition[] planInputPartitions() {
        try {
            return plan.parts().toArray(InputPartition[]::new);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(
                    "Cannot read " + name + " " + reads + ": " + unreadable.getMessage(), unreadable);
        }
    }

    @Override
    public PartitionReaderFactory createReaderFactory() {
        return new Factory(schema);
    }

    private record Factory(StructType schema) implements PartitionReaderFactory, Serializable {
        @Override
        public PartitionReader<InternalRow> createReader(InputPartition partition) {
            try {
                return new Reader(
                        ((Part) partition).open(schema), CatalystTypeConverters.createToCatalystConverter(schema));
            } catch (IOException unreadable) {
                throw new UncheckedIOException(unreadable.getMessage(), unreadable);
            }
        }
    }

    private static final class Reader implements PartitionReader<InternalRow> {

        private final Rows rows;
        private final Function1<Object, Object> toInternal;
        private InternalRow row;

        Reader(Rows rows, Function1<Object, Object> toInternal) {
            this.rows = rows;
            this.toInternal = toInternal;
        }

        @Override
        public boolean next() {
            if (!rows.hasNext()) {
                return false;
            }
            row = (InternalRow) toInternal.apply(rows.next());
            return true;
        }

        @Override
        public InternalRow get() {
            return row;
        }

        @Override
        public void close() throws IOException {
            rows.close();
        }
    }
}
