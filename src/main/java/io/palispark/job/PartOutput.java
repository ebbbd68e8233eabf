package io.palispark.job;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.palispark.annotation.AnnotationRecord.RowKind;
import io.palispark.annotation.Finding;
import io.palispark.annotation.ReasonCode;
import io.palispark.dataset.Ledger;
import io.palispark.dataset.SplitPlan.Split;
import io.palispark.dataset.TrainingRow;
import io.palispark.spark.CommittedFolder;
import io.palispark.spark.PartReceipt;
import io.palispark.spark.ShardFile;
import io.palispark.spark.WorkCounters;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Collects the lines and counts of one part and stages them as shards. */
final class PartOutput {

    private final ObjectMapper json;
    private final Ledger ledger = new Ledger();
    private final EnumMap<Split, List<String>> rows = new EnumMap<>(Split.class);
    private final EnumMap<Split, List<String>> meta = new EnumMap<>(Split.class);
    private final List<String> rejects = new ArrayList<>();
    private final RowCounts counts = new RowCounts(new TreeMap<>());

    private Map<String, Long> reported = Map.of();
    private long written;

    PartOutput(ObjectMapper json) {
        this.json = json;
        for (Split split : Split.values()) {
            rows.put(split, new ArrayList<>());
            meta.put(split, new ArrayList<>());
        }
    }

    Ledger ledger() {
        return ledger;
    }

    void row(Split split, String group, TrainingRow row) throws JsonProcessingException {
        ObjectNode line = json.createObjectNode()
                .put("image", row.image())
                .put("prefix", row.prefix())
                .put("suffix", row.suffix());
        rows.get(split).add(json.writeValueAsString(line));
        meta.get(split).add(json.writeValueAsString(describe(group, row)));
        counts.row(split, row);
        written++;
    }

    RowCounts counts() {
        return counts;
    }

    /** Counts a finding and, when it rejects, writes it down. */
    void finding(RowKind kind, Finding finding, String stage) throws JsonProcessingException {
        ledger.finding(kind, finding);
        if (finding.outcome().isReject()) {
            rejects.add(json.writeValueAsString(json.createObjectNode()
                    .put("source", finding.source())
                    .put("image", finding.image())
                    .put("object", finding.object())
                    .put("stage", stage)
                    .put("reason", finding.reason().code())
                    .put("detail", finding.detail())));
        }
    }

    /** Tells whoever watches the run what was finished since the last call. */
    void report() {
        Map<String, Long> done = WatchedCounts.of(ledger, written);
        done.forEach((name, count) -> WorkCounters.add(name, count - reported.getOrDefault(name, 0L)));
        reported = done;
    }

    PartReceipt stage(CommittedFolder folder, int part, String input) throws IOException {
        List<ShardFile> data = new ArrayList<>();
        for (Split split : Split.values()) {
            if (!rows.get(split).isEmpty()) {
                String name = split.text() + "-%05d".formatted(part);
                ShardFile shard = folder.stage("data", name, ".jsonl", rows.get(split));
                data.add(shard);
                String stem =
                        shard.path().substring("data/".length(), shard.path().length() - ".jsonl".length());
                data.add(folder.stageTwin("data", stem + ".meta.jsonl", meta.get(split)));
            }
        }
        List<ShardFile> rejected = rejects.isEmpty()
                ? List.of()
                : List.of(folder.stage("rejects", "part-%05d".formatted(part), ".jsonl", rejects));
        return new PartReceipt(part, input, data, rejected, ledger.tallies(), ledger.reasonCounts(), counts.perSplit());
    }

    private ObjectNode describe(String group, TrainingRow row) {
        ObjectNode line = json.createObjectNode()
                .put("image", row.image())
                .put("image_id", row.source().imageId())
                .put("group", group)
                .put("task", Settings.spelling(row.source().task()));
        line.putPOJO("records", row.source().records());
        if (row.source().noise() > 0) {
            line.put("noise", row.source().noise());
        }
        line.put("prefix_tokens", row.tokens().prefix())
                .put("suffix_tokens", row.tokens().suffix());
        line.putPOJO(
                "warnings",
                row.source().warnings().stream().map(ReasonCode::code).toList());
        return line;
    }
}
