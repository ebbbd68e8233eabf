package io.palispark.job;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.palispark.annotation.AnnotationRecord.RowKind;
import io.palispark.dataset.Ledger;
import io.palispark.dataset.SplitPlan.Split;

/** The block {@code sources} of a mixture's manifest: what was asked of each source and what came of it. */
final class SourceAccounts {

    private SourceAccounts() {}

    /** Adds the settings of every source. */
    static void describe(Mixture mixture, ArrayNode sources) {
        for (MixtureSource source : mixture.sources()) {
            PrepareConfig.Source settings = source.settings();
            ObjectNode node = sources.addObject()
                    .put("name", settings.name())
                    .put("images", settings.images())
                    .put("prefix", source.prefix());
            settings.tasks().forEach(task -> node.withArray("task").add(Settings.spelling(task)));
            node.put("weight", settings.weight());
            if (settings.hasLimit()) {
                node.put("limit", settings.limit());
            }
            if (settings.hasClassLimit()) {
                node.put("per_class", settings.perClass());
            }
        }
    }

    /** Adds to every source: input = written + rejected + not drawn, the reasons, and its rows by split. */
    static void count(PreparedTotals totals, JsonNode sources) {
        RowCounts rows = new RowCounts(totals.statistics());
        for (int number = 0; number < sources.size(); number++) {
            ObjectNode node = (ObjectNode) sources.get(number);
            // receipts of another dataset in the same folder have other sources
            Ledger ledger = number < totals.sources().size() ? totals.sources().get(number) : new Ledger();
            ObjectNode counts = node.putObject("counts");
            for (RowKind kind : RowKind.values()) {
                Ledger.Tally tally = ledger.of(kind);
                if (tally.input() > 0) {
                    long notDrawn = notDrawn(ledger, kind);
                    counts.putObject(Settings.spelling(kind))
                            .put("input", tally.input())
                            .put("written", tally.written())
                            .put("rejected", tally.rejected() - notDrawn)
                            .put("not_drawn", notDrawn);
                }
            }
            for (Ledger.ReasonCount reason : ledger.reasons()) {
                node.withArray("reasons")
                        .addObject()
                        .put("record", Settings.spelling(reason.kind()))
                        .put("reason", reason.reason().code())
                        .put("outcome", Settings.spelling(reason.outcome()))
                        .put("count", reason.count());
            }
            String name = node.get("name").asText();
            ObjectNode perSplit = node.putObject("rows");
            for (Split split : Split.values()) {
                perSplit.put(split.text(), rows.rowsOf(split, name));
            }
            node.put("repeated_rows", rows.repeatsOf(name));
        }
    }

    private static long notDrawn(Ledger ledger, RowKind kind) {
        return ledger.reasons().stream()
                .filter(reason -> reason.kind() == kind && reason.reason().isDraw())
                .mapToLong(Ledger.ReasonCount::count)
                .sum();
    }
}
