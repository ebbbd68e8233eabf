package io.palispark.spark;

import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What one finished part wrote, counted from what was written.
 *
 * @param part number of the part
 * @param input hash of everything the part was made from
 * @param data data shards, their meta twins and what else is made from the rows
 * @param rejects reject files
 * @param tallies per kind of record: input, written, rejected, rejected by policy
 * @param reasons occurrences by {@code KIND REASON OUTCOME}
 * @param statistics per split, named counts such as rows, images, tokens and objects per class
 * @param sources the account of each source of a mixture, in the order of the configuration
 * @param pictures pictures that rows of a tiled dataset name, in place
 */
public record PartReceipt(
        int part,
        String input,
        List<ShardFile> data,
        List<ShardFile> rejects,
        Map<String, long[]> tallies,
        Map<String, Long> reasons,
        Map<String, TreeMap<String, Long>> statistics,
        List<Account> sources,
        List<ShardFile> pictures)
        implements Serializable {

    public PartReceipt {
        sources = sources == null ? List.of() : List.copyOf(sources);
        pictures = pictures == null ? List.of() : List.copyOf(pictures);
    }

    /** A part of one source. */
    public PartReceipt(
            int part,
            String input,
            List<ShardFile> data,
            List<ShardFile> rejects,
            Map<String, long[]> tallies,
            Map<String, Long> reasons,
            Map<String, TreeMap<String, Long>> statistics) {
        this(part, input, data, rejects, tallies, reasons, statistics, List.of(), List.of());
    }

    /** The part of {@code tallies} and {@code reasons} that one source has. */
    public record Account(Map<String, long[]> tallies, Map<String, Long> reasons) implements Serializable {}

    /** All files of the part but its pictures. */
    public List<ShardFile> files() {
        return java.util.stream.Stream.concat(data.stream(), rejects.stream()).toList();
    }
}
