package io.palispark.job;

import io.palispark.dataset.Ledger;
import io.palispark.spark.PartReceipt;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The counts of all parts of a prepared dataset.
 *
 * @param statistics per split, named counts
 */
record PreparedTotals(Ledger ledger, Map<String, TreeMap<String, Long>> statistics) {

    static PreparedTotals of(List<PartReceipt> receipts) {
        Ledger ledger = new Ledger();
        Map<String, TreeMap<String, Long>> statistics = new TreeMap<>();
        for (PartReceipt receipt : receipts) {
            ledger.merge(receipt.tallies(), receipt.reasons());
            receipt.statistics()
                    .forEach((split, counts) -> counts.forEach((name, count) -> statistics
                            .computeIfAbsent(split, absent -> new TreeMap<>())
                            .merge(name, count, Long::sum)));
        }
        return new PreparedTotals(ledger, statistics);
    }
}
