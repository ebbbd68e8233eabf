package io.palispark.job;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.palispark.annotation.AnnotationRecord.RowKind;
import io.palispark.dataset.Ledger;
import io.palispark.dataset.SplitPlan.Split;
import io.palispark.report.Page;
import java.util.ArrayList;
import java.util.List;

/** The block {@code sources} of a mixture's manifest, and the same on its page: what was asked of each source and what came of it. */
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

    /** The pictures and rows of every source as a section of the page. */
    static void write(Mixture mixture, PreparedTotals totals, Page page) {
        RowCounts rows = new RowCounts(totals.statistics());
        List<List<String>> lines = new ArrayList<>();
        for (MixtureSource source : mixture.sources()) {
            String name = source.settings().name();
            Ledger ledger = totals.sources().get(source.number());
            Ledger.Tally images = ledger.of(RowKind.IMAGE);
            long notDrawn = notDrawn(ledger, RowKind.IMAGE);
            List<String> line = new ArrayList<>(List.of(
                    name,
                    "" + images.input(),
                    "" + images.written(),
                    "" + (images.rejected() - notDrawn),
                    "" + notDrawn));
            for (Split split : Split.values()) {
                line.add("" + rows.rowsOf(split, name));
            }
            line.add("" + rows.repeatsOf(name));
            lines.add(line);
        }
        page.section("Sources")
                .table(
                        List.of(
                                "source",
                                "images",
                                "written",
                                "rejected",
                                "not drawn",
                                "rows of train",
                                "validation",
                                "test",
                                "repeated rows"),
                        lines);
    }

    private static long notDrawn(Ledger ledger, RowKind kind) {
        return ledger.reasons().stream()
                .filter(reason -> reason.kind() == kind && reason.reason().isDraw())
                .mapToLong(Ledger.ReasonCount::count)
                .sum();
    }
}
