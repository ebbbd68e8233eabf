package io.palispark.job;

import io.palispark.dataset.Ledger;
import io.palispark.spark.PartReceipt;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The counts of all parts of a prepared dataset.
 *
 * @param statistics per split, named counts
 * @param sources the account of each source
 */
record PreparedTotals(Ledger ledger, Map<String, TreeMap<String, Long>> statistics, List<Ledger> sources) {

    static PreparedTotals of(List<PartReceipt> receipts) {
        Ledger ledger = new Ledger();
        Map<String, TreeMap<String, Long>> statistics = new TreeMap<>();
        List<Ledger> sources = new ArrayList<>();
        for (PartReceipt receipt : receipts) {
            for (int source = 0; source < receipt.sources().size(); source++) {
                if (source == sources.size()) {
                    sources.add(new Ledger());
                }
                PartReceipt.Account account = receipt.sources().get(source);
                sources.get(source).merge(account.tallies(), account.reasons());
            }
            ledger.merge(receipt.tallies(), receipt.reasons());
            receipt.statistics()
                    .forEach((split, counts) -> counts.forEach((name, count) -> statistics
                            .computeIfAbsent(split, absent -> new TreeMap<>())
                            .merge(name, count, Long::sum)));
        }
        return new PreparedTotals(ledger, statistics, sources);
    }
}
