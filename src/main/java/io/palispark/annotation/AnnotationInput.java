package io.palispark.annotation;

import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What one reader reads: a file, files that belong together, or a group of small files of one dataset. Serializable
 * where its sources are.
 *
 * @param name stands in findings and totals
 * @param entries in the order they are read, at least one
 * @param shared files that all entries need, by role
 * @param why how the format was told, one clause for the log
 */
public record AnnotationInput(
        AnnotationFormat format, String name, List<Entry> entries, Map<String, AnnotationSource> shared, String why)
        implements Serializable {

    /** Role of an entry's own file. */
    static final String MAIN = "annotations";

    private static final long GROUP_BYTES = 8L << 20;
    /** What opening a file costs, in bytes read meanwhile. */
    private static final long FILE_COST = 16L << 10;

    /**
     * One step of a reader: a document, or what describes one picture.
     *
     * @param name stands in findings
     * @param picture name of the picture below the image root, empty where the annotations tell it
     * @param files by role; none for a picture without annotations
     */
    public record Entry(String name, String picture, Map<String, AnnotationSource> files) implements Serializable {

        static Entry of(AnnotationSource file, String picture) {
            return new Entry(file.name(), picture, Map.of(MAIN, file));
        }

        AnnotationSource main() {
            return files.get(MAIN);
        }

        private long cost() {
            return files.values().stream()
                    .mapToLong(file -> file.bytes() + FILE_COST)
                    .sum();
        }
    }

    /** A file that is read on its own. */
    static AnnotationInput of(AnnotationFormat format, AnnotationSource file, String why) {
        return new AnnotationInput(format, file.name(), List.of(Entry.of(file, "")), Map.of(), why);
    }

    /** Entries cut into groups of about equal bytes, each for one reader. */
    static List<AnnotationInput> groups(
            AnnotationFormat format, List<Entry> entries, Map<String, AnnotationSource> shared, String why) {
        List<AnnotationInput> groups = new ArrayList<>();
        int start = 0;
        long bytes = 0;
        for (int end = 1; end <= entries.size(); end++) {
            bytes += entries.get(end - 1).cost();
            if (bytes >= GROUP_BYTES || end == entries.size()) {
                List<Entry> group = List.copyOf(entries.subList(start, end));
                String others = group.size() == 1 ? "" : " and " + (group.size() - 1) + " more";
                groups.add(new AnnotationInput(format, group.get(0).name() + others, group, shared, why));
                start = end;
                bytes = 0;
            }
        }
        return groups;
    }

    /** The split that a document of many pictures is named after, empty where the name tells none. */
    public String split() {
        return entries.size() == 1 && entries.get(0).picture().isEmpty() ? SplitName.ofFile(name) : "";
    }

    /** Every file that is read, label pictures too. */
    public List<AnnotationSource> sources() {
        return Stream.concat(
                        entries.stream().flatMap(entry -> entry.files().values().stream()), shared.values().stream())
                .distinct()
                .toList();
    }

    /**
     * Opens the reader; an input that cannot be used is a rejected file.
     *
     * @throws IOException when the bytes cannot be had; bad content is a record
     */
    public AnnotationReader open(ReadLimits limits) throws IOException {
        return format.definition().open(this, limits);
    }
}
