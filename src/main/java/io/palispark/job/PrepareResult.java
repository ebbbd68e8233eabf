package io.palispark.job;

import io.palispark.dataset.Ledger;
import java.util.Map;
import java.util.TreeMap;

/**
 * What {@code prepare} did.
 *
 * @param manifest path of the published manifest
 * @param fingerprint hash of everything in the manifest but times and application ids
 * @param ledger where every record went
 * @param statistics per split, named counts
 * @param encodedObjects objects that this run encoded, those of parts that an earlier run made not among them
 */
public record PrepareResult(
        String manifest,
        String fingerprint,
        Ledger ledger,
        Map<String, TreeMap<String, Long>> statistics,
        long encodedObjects) {

    /** Lines over all splits. */
    long rows() {
        return statistics.values().stream()
                .mapToLong(counts -> counts.getOrDefault("rows", 0L))
                .sum();
    }
}
