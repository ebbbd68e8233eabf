package io.palispark.job;

import java.util.List;
import java.util.TreeMap;

/**
 * What {@code generate} did.
 *
 * @param manifest path of the published manifest
 * @param fingerprint hash of everything in the manifest but times and application ids
 * @param counts rows, answered, failed, images, tokens, objects, masks, and how often each failure and defect came
 * @param seconds that answering took, Spark's start and publishing not counted
 * @param files COCO results files, where they were asked for
 */
public record GenerateResult(
        String manifest, String fingerprint, TreeMap<String, Long> counts, double seconds, List<String> files) {

    /** How often something was counted. */
    public long count(String name) {
        return counts.getOrDefault(name, 0L);
    }

    /** The counts, one a line, and the speed. */
    public String table() {
        StringBuilder text = new StringBuilder();
        counts.forEach((name, count) -> text.append("%-36s %10d%n".formatted(name, count)));
        text.append("%-36s %10.1f%n".formatted("seconds", seconds));
        text.append("%-36s %10.1f%n".formatted("images a second", count("images") / seconds));
        text.append("%-36s %10.1f%n".formatted("tokens a second", count("tokens") / seconds));
        return text.toString();
    }
}
