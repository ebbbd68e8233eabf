package io.palispark.annotation;

import java.math.BigInteger;
import java.util.HashMap;
import java.util.Map;

/** Ids of the rows of one list: the first pass finds repeats, the second gives every row an id of its own. */
final class RowIds {

    private final int mostRows;
    private IdIndex seen = new IdIndex();
    /** Repeated ids; true once the second pass has met the first row of the id. */
    private final Map<String, Boolean> repeated = new HashMap<>();

    private long largest;
    private BigInteger largestLong = BigInteger.ZERO;
    private BigInteger assigned = BigInteger.ZERO;
    private long rows;

    RowIds(ReadLimits limits) {
        this.mostRows = limits.rows();
    }

    /** First pass: one row's id, possibly {@link RowId#NONE}. */
    void note(RowId id) throws DocumentException {
        rows++;
        if (rows > mostRows) {
            throw new DocumentException(ReasonCode.ROW_COUNT_EXCEEDED, "more than " + mostRows + " rows in one list");
        }
        if (id.isMissing()) {
            return;
        }
        if (seen.putIfAbsent(id.text(), 1) != IdIndex.ABSENT) {
            repeated.put(id.text(), false);
        }
        if (IdIndex.isInteger(id.text())) {
            largest = Math.max(largest, Long.parseLong(id.text()));
        } else if (id.text().chars().allMatch(digit -> digit >= '0' && digit <= '9')) {
            largestLong = largestLong.max(new BigInteger(id.text()));
        }
    }

    /** End of the first pass: only repeats are still needed. */
    void close() {
        seen = new IdIndex();
        assigned = largestLong.max(BigInteger.valueOf(largest));
    }

    long rows() {
        return rows;
    }

    boolean isRepeated(String id) {
        return repeated.containsKey(id);
    }

    /** Second pass, once a row: true for all but the first row of an id. */
    boolean isRepeat(String id) {
        return repeated.containsKey(id) && repeated.put(id, true);
    }

    /** Second pass: an id that no row has, counted on from the largest number. */
    String assign() {
        assigned = assigned.add(BigInteger.ONE);
        return assigned.toString();
    }
}
