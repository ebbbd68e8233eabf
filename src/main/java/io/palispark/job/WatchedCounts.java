package io.palispark.job;

import io.palispark.annotation.AnnotationRecord.RowKind;
import io.palispark.dataset.Ledger;
import io.palispark.spark.WorkCounters;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Counts of jobs under the names by which a running job is watched: those of {@link WorkCounters}. */
final class WatchedCounts {

    private static final String FAILURE = "failure:";
    private static final String REJECT = "reject:";

    private WatchedCounts() {}

    /** What a ledger holds: every record that is written or rejected, and rejects by reason. */
    static Map<String, Long> of(Ledger ledger, long rows) {
        Map<String, Long> counts = new TreeMap<>();
        for (RowKind kind : RowKind.values()) {
            Ledger.Tally tally = ledger.of(kind);
            counts.put(Settings.spelling(kind) + "s", tally.written() + tally.rejected());
        }
        for (Ledger.ReasonCount reason : ledger.reasons()) {
            if (reason.outcome().isReject()) {
                counts.merge(WorkCounters.REJECTS + reason.reason().code(), reason.count(), Long::sum);
            }
        }
        counts.put(WorkCounters.ROWS, rows);
        return counts;
    }

    /** The counts of a predictions folder. */
    static Map<String, Long> ofPredictions(Map<String, Long> predictions) {
        Map<String, Long> counts = new TreeMap<>();
        predictions.forEach((name, count) -> watched(name).ifPresent(known -> counts.merge(known, count, Long::sum)));
        return counts;
    }

    /** The name under which a count of predictions is watched; empty for one that is not. */
    static Optional<String> watched(String name) {
        return switch (name) {
            case WorkCounters.IMAGES, WorkCounters.OBJECTS, WorkCounters.ROWS, WorkCounters.TOKENS -> Optional.of(name);
            default ->
                name.startsWith(FAILURE) || name.startsWith(REJECT)
                        ? Optional.of(WorkCounters.REJECTS + name.substring(name.indexOf(':') + 1))
                        : Optional.empty();
        };
    }
}
