package io.palispark.job;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.palispark.annotation.Finding;
import io.palispark.annotation.ReasonCode;
import io.palispark.dataset.Ledger;
import io.palispark.dataset.SplitPlan.Split;
import io.palispark.dataset.StableHash;
import io.palispark.dataset.TrainingRow;
import io.palispark.spark.CommittedFolder;
import io.palispark.spark.PartReceipt;
import io.palispark.spark.ShardFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** Collects the lines and counts of one part and stages them as shards. */
final class PartOutput {

    private final ObjectMapper json;
    private final boolean named;
    private final EnumMap<Split, List<Line>> lines = new EnumMap<>(Split.class);
    private final List<String> rejects = new ArrayList<>();
    private final TreeMap<String, ShardFile> pictures = new TreeMap<>();
    private final RowCounts counts = new RowCounts(new TreeMap<>());

    PartOutput(ObjectMapper json, Mixture mixture) {
        this.json = json;
        this.named = mixture.isNamed();
        for (Split split : Split.values()) {
            lines.put(split, new ArrayList<>());
        }
    }

    /** A row and what is known about it, at its place in the shard. */
    private record Line(long place, String row, String meta) {}

    /**
     * Adds a row.
     *
     * @param copy 0 for the row itself, counting up for repeats, which stand elsewhere in the shard
     * @param frame where the row is about a tile
     */
    void row(String source, int copy, AdmittedPicture picture, TrainingRow row, Optional<TileFrame> frame)
            throws JsonProcessingException {
        ObjectNode line = json.createObjectNode()
                .put("image", row.image())
                .put("prefix", row.prefix())
                .put("suffix", row.suffix());
        ObjectNode meta = describe(picture.placed().place().group(), row);
        frame.ifPresent(tile -> meta.set("frame", tile.json()));
        Split split = picture.placed().place().split();
        if (named) {
            meta.put("source", source).put("repeat", copy);
            counts.fromSource(split, source, copy);
        }
        PictureRecords records = picture.records();
        long place =
                copy == 0 ? records.place() : StableHash.of("repeat", source, records.key(), Integer.toString(copy));
        lines.get(split).add(new Line(place, json.writeValueAsString(line), json.writeValueAsString(meta)));
        counts.row(split, row);
    }

    void picture(ShardFile file) {
        pictures.put(file.path(), file);
    }

    RowCounts counts() {
        return counts;
    }

    void reject(Finding finding, String stage) throws JsonProcessingException {
        rejects.add(json.writeValueAsString(json.createObjectNode()
                .put("source", finding.source())
                .put("image", finding.image())
                .put("object", finding.object())
                .put("stage", stage)
                .put("reason", finding.reason().code())
                .put("detail", finding.detail())));
    }

    /** @param ledgers the account of each source, in their order */
    PartReceipt stage(CommittedFolder folder, int part, String input, List<Ledger> ledgers) throws IOException {
        List<ShardFile> data = new ArrayList<>();
        for (Split split : Split.values()) {
            List<Line> sorted = new ArrayList<>(lines.get(split));
            sorted.sort(Comparator.comparingLong(Line::place));
            if (!sorted.isEmpty()) {
                String name = split.text() + "-%05d".formatted(part);
                ShardFile shard = folder.stage(
                        "data", name, ".jsonl", sorted.stream().map(Line::row).toList());
                data.add(shard);
                String stem =
                        shard.path().substring("data/".length(), shard.path().length() - ".jsonl".length());
                data.add(folder.stageTwin(
                        "data",
                        stem + ".meta.jsonl",
                        sorted.stream().map(Line::meta).toList()));
            }
        }
        List<ShardFile> rejected = rejects.isEmpty()
                ? List.of()
                : List.of(folder.stage("rejects", "part-%05d".formatted(part), ".jsonl", rejects));
        Ledger total = new Ledger();
        ledgers.forEach(ledger -> total.merge(ledger.tallies(), ledger.reasonCounts()));
        List<PartReceipt.Account> accounts = ledgers.stream()
                .map(ledger -> new PartReceipt.Account(ledger.tallies(), ledger.reasonCounts()))
                .toList();
        return new PartReceipt(
                part,
                input,
                data,
                rejected,
                total.tallies(),
                total.reasonCounts(),
                counts.perSplit(),
                accounts,
                List.copyOf(pictures.values()));
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
