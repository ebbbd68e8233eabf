package io.palispark.dataset;

import io.palispark.annotation.AnnotationRecord.RowKind;
import io.palispark.annotation.Finding;
import io.palispark.annotation.Outcome;
import io.palispark.annotation.ReasonCode;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Where every input record went. For each kind of record, input = written + rejected must hold; reasons say why records
 * were rejected, repaired or flagged. Mutable while a task counts, merged on the driver.
 */
public final class Ledger implements Serializable {

    private static final long serialVersionUID = 1L;

    private final EnumMap<RowKind, long[]> counts = new EnumMap<>(RowKind.class);
    private final TreeMap<String, Long> reasons = new TreeMap<>();

    /**
     * One kind of record in numbers.
     *
     * @param input records read
     * @param written records in at least one row
     * @param rejected records in no row
     * @param rejectedByPolicy the part of {@code rejected} that a setting asked for
     */
    public record Tally(long input, long written, long rejected, long rejectedByPolicy) {

        public boolean addsUp() {
            return input == written + rejected;
        }

        /** Rejected records that something was wrong with, over all records; 0 when there are none. */
        public double defectRatio() {
            return input == 0 ? 0 : (double) (rejected - rejectedByPolicy) / input;
        }
    }

    /**
     * A reason and how often it occurred on one kind of record.
     */
    public record ReasonCount(RowKind kind, ReasonCode reason, Outcome outcome, long count) {}

    public void input(RowKind kind, long records) {
        tally(kind)[0] += records;
    }

    public void written(RowKind kind, long records) {
        tally(kind)[1] += records;
    }

    /** Counts a finding; a reject outcome also counts its record as rejected. */
    public void finding(RowKind kind, Finding finding) {
        if (finding.outcome().isReject()) {
            tally(kind)[2]++;
            if (finding.reason().isPolicy()) {
                tally(kind)[3]++;
            }
        }
        reasons.merge(kind + " " + finding.reason().name() + " " + finding.outcome(), 1L, Long::sum);
    }

    public Tally of(RowKind kind) {
        long[] numbers = counts.getOrDefault(kind, new long[4]);
        return new Tally(numbers[0], numbers[1], numbers[2], numbers[3]);
    }

    /** The raw numbers by kind: input, written, rejected, rejected by policy. */
    public Map<String, long[]> tallies() {
        TreeMap<String, long[]> result = new TreeMap<>();
        counts.forEach((kind, numbers) -> result.put(kind.name(), numbers.clone()));
        return result;
    }

    /** Occurrences by {@code KIND REASON OUTCOME}. */
    public Map<String, Long> reasonCounts() {
        return new TreeMap<>(reasons);
    }

    /** Adds what {@link #tallies()} and {@link #reasonCounts()} of another ledger gave. */
    public void merge(Map<String, long[]> tallies, Map<String, Long> reasonCounts) {
        tallies.forEach((kind, numbers) -> {
            long[] mine = tally(RowKind.valueOf(kind));
            for (int i = 0; i < mine.length; i++) {
                mine[i] += numbers[i];
            }
        });
        reasonCounts.forEach((reason, count) -> reasons.merge(reason, count, Long::sum));
    }

    /** All reasons, by kind, then reason, then outcome. */
    public List<ReasonCount> reasons() {
        List<ReasonCount> result = new ArrayList<>();
        for (Map.Entry<String, Long> entry : reasons.entrySet()) {
            String[] key = entry.getKey().split(" ", -1);
            result.add(new ReasonCount(
                    RowKind.valueOf(key[0]), ReasonCode.valueOf(key[1]), Outcome.valueOf(key[2]), entry.getValue()));
        }
        return result;
    }

    /** A sentence for every kind whose sums do not hold; empty when nothing was lost. */
    public List<String> losses() {
        List<String> result = new ArrayList<>();
        for (RowKind kind : RowKind.values()) {
            Tally tally = of(kind);
            if (!tally.addsUp()) {
                result.add(kind + ": " + tally.input() + " read, but " + tally.written() + " written and "
                        + tally.rejected() + " rejected");
            }
        }
        return result;
    }

    private long[] tally(RowKind kind) {
        return counts.computeIfAbsent(kind, absent -> new long[4]);
    }
}
