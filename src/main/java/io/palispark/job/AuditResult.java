package io.palispark.job;

import java.util.List;
import java.util.Map;

/**
 * What {@code audit} found.
 *
 * @param groups one line per group of objects, in the order all, sizes, holes, parts
 * @param skipped objects without a measurement, by reason
 * @param page the page that shows the worst, the typical and the best masks
 */
public record AuditResult(List<Group> groups, Map<String, Long> skipped, String page) {

    /**
     * @param floored mean IoU with the official paste
     * @param rounded mean IoU pasted at the rounded box
     * @param refined mean IoU of refined tokens; NaN when not measured
     * @param tenth IoU that a tenth of the objects do not exceed, pasted at the rounded box
     * @param box mean IoU of boxes with their bins' boxes
     */
    public record Group(
            String name, long objects, double floored, double rounded, double refined, double tenth, double box) {}

    /** The groups as a table for the terminal. */
    public String table() {
        StringBuilder text = new StringBuilder("%-14s %8s %9s %9s %9s %9s %9s%n"
                .formatted("objects", "count", "official", "rounded", "refined", "p10", "box"));
        for (Group group : groups) {
            text.append("%-14s %8d %9.4f %9.4f %9s %9.3f %9.4f%n"
                    .formatted(
                            group.name(),
                            group.objects(),
                            group.floored(),
                            group.rounded(),
                            Double.isNaN(group.refined()) ? "-" : "%.4f".formatted(group.refined()),
                            group.tenth(),
                            group.box()));
        }
        skipped.forEach((reason, count) -> text.append("not measured: %s %d%n".formatted(reason, count)));
        return text.toString();
    }
}
