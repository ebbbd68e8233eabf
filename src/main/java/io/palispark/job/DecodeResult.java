package io.palispark.job;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What {@code decode} did.
 *
 * @param manifest path of the published manifest
 * @param fingerprint hash of everything in the manifest but its run block
 * @param counts by name: input, rows, answered, failed, rejected, objects, masks, and by kind of defect, failure, reject
 * @param files result files beside the predictions
 */
public record DecodeResult(String manifest, String fingerprint, TreeMap<String, Long> counts, List<String> files) {

    private static final List<String> FIRST =
            List.of("input", "rows", "answered", "failed", "rejected", "objects", "masks");

    /** The counts as a table for the terminal. */
    public String table() {
        StringBuilder text = new StringBuilder();
        FIRST.forEach(name -> text.append("%-32s %10d%n".formatted(name, counts.getOrDefault(name, 0L))));
        for (Map.Entry<String, Long> count : counts.entrySet()) {
            if (!FIRST.contains(count.getKey())) {
                text.append("%-32s %10d%n".formatted(count.getKey(), count.getValue()));
            }
        }
        return text.toString();
    }
}
