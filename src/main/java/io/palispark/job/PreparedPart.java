package io.palispark.job;

import io.palispark.annotation.AnnotationRecord.RowKind;
import io.palispark.spark.PartReceipt;
import java.io.Serializable;
import java.util.Map;

/**
 * A finished part of a prepared dataset and where its files come from.
 *
 * @param pictures encoded pictures of its first rows, by their name in rows; none for a part that this run did not make
 */
record PreparedPart(PartReceipt receipt, Origin origin, Map<String, byte[]> pictures) implements Serializable {

    PreparedPart(PartReceipt receipt, Origin origin) {
        this(receipt, origin, Map.of());
    }

    enum Origin {
        /** Made by this run; staged. */
        ENCODED,
        /** Made by an earlier run that did not publish; staged. */
        STAGED,
        /** Made and moved into place by an earlier run. */
        IN_PLACE
    }

    /** Objects that this run encoded. */
    long encodedObjects() {
        return switch (origin) {
            case ENCODED -> objects();
            case STAGED, IN_PLACE -> 0;
        };
    }

    private long objects() {
        long[] tally = receipt.tallies().get(RowKind.OBJECT.name());
        return tally == null ? 0 : tally[1];
    }
}
