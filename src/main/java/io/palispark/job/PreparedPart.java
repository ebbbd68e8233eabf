package io.palispark.job;

import io.palispark.annotation.AnnotationRecord.RowKind;
import io.palispark.spark.PartReceipt;
import java.io.Serializable;

/** A finished part of a prepared dataset and where its files come from. */
record PreparedPart(PartReceipt receipt, Origin origin) implements Serializable {

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
