package io.palispark.dataset;

import java.io.Serializable;
import java.util.SortedMap;

/**
 * How long rows are, in tokens or objects.
 *
 * @param median half of the rows are not longer
 * @param p95 19 of 20 rows are not longer
 * @param p99 99 of 100 rows are not longer
 * @param largest length of a row; 0 without rows
 */
public record RowQuantiles(long rows, int median, int p95, int p99, int largest) implements Serializable {

    /** @param rows by their length */
    public static RowQuantiles of(SortedMap<Integer, Long> rows) {
        return new RowQuantiles(
                rows.values().stream().mapToLong(Long::longValue).sum(),
                percentile(rows, 50),
                percentile(rows, 95),
                percentile(rows, 99),
                rows.isEmpty() ? 0 : rows.lastKey());
    }

    private static int percentile(SortedMap<Integer, Long> rows, int percent) {
        long all = rows.values().stream().mapToLong(Long::longValue).sum();
        long seen = 0;
        for (var length : rows.entrySet()) {
            seen += length.getValue();
            if (seen * 100 >= all * percent) {
                return length.getKey();
            }
        }
        return 0;
    }
}
