package io.palispark.job;

import io.palispark.annotation.AnnotationRecord.RowKind;
import io.palispark.dataset.Ledger;
import java.util.Map;
import java.util.TreeMap;

/** What went in, what came out and what was lost and why, as a table for the terminal. */
public final class LedgerTable {

    private static final String ROW = "%-12s %10s %10s %10s %12s%n";

    private LedgerTable() {}

    public static String of(Ledger ledger) {
        StringBuilder text = new StringBuilder(ROW.formatted("record", "input", "written", "rejected", "(by policy)"));
        for (RowKind kind : RowKind.values()) {
            Ledger.Tally tally = ledger.of(kind);
            if (tally.input() > 0) {
                text.append(ROW.formatted(
                        Settings.spelling(kind),
                        tally.input(),
                        tally.written(),
                        tally.rejected(),
                        tally.rejectedByPolicy()));
            }
        }
        if (!ledger.reasons().isEmpty()) {
            text.append(String.format("%n%-12s %-28s %-14s %10s%n", "record", "reason", "outcome", "count"));
        }
        for (Ledger.ReasonCount reason : ledger.reasons()) {
            text.append("%-12s %-28s %-14s %10s%n"
                    .formatted(
                            Settings.spelling(reason.kind()),
                            reason.reason().code(),
                            Settings.spelling(reason.outcome()),
                            reason.count()));
        }
        return text.toString();
    }

    public static String of(Ledger ledger, Map<String, TreeMap<String, Long>> statistics) {
        StringBuilder text = new StringBuilder(of(ledger));
        text.append(String.format("%n%-12s %10s %10s%n", "split", "images", "rows"));
        statistics.forEach((split, counts) -> text.append("%-12s %10s %10s%n"
                .formatted(split, counts.getOrDefault("images", 0L), counts.getOrDefault("rows", 0L))));
        return text.append(System.lineSeparator()).toString();
    }
}
