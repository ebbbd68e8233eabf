package io.palispark.dataset;

import io.palispark.annotation.CsvLine;
import io.palispark.annotation.Known;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What the classes of an input are called in training rows: a CSV with the columns {@code label} and {@code becomes}, a
 * line for each class that changes. Several labels may become the same one; a blank {@code becomes} drops the class. Labels
 * are compared as texts, each is looked up once, and those without a line stay as they are.
 *
 * @param names label to its new name, empty for a dropped class; sorted
 */
public record LabelMap(Map<String, String> names) implements Serializable {

    /** Every class keeps its name. */
    public static final LabelMap NONE = new LabelMap(Map.of());

    private static final List<String> HEADER = List.of("label", "becomes");

    public LabelMap {
        names = java.util.Collections.unmodifiableMap(new TreeMap<>(names));
    }

    /**
     * A map as read.
     *
     * @param problems a sentence for every line that cannot be used, with its number from 1; the map is empty then
     */
    public record Reading(LabelMap map, List<String> problems) {}

    /** Reads the lines of a file. */
    public static Reading parse(List<String> lines) {
        Map<String, String> names = new TreeMap<>();
        List<String> problems = new ArrayList<>();
        // spreadsheets write a byte order mark
        String header = lines.isEmpty() ? "" : lines.get(0).replaceFirst("^\\ufeff", "");
        if (!CsvLine.fields(header).equals(Optional.of(HEADER))) {
            problems.add("line 1: the header label,becomes is expected");
        }
        for (int number = 2; number <= lines.size(); number++) {
            String line = lines.get(number - 1);
            if (!line.isBlank()) {
                add(names, line, "line " + number + ": ", problems);
            }
        }
        names.forEach((label, becomes) -> {
            if (!names.getOrDefault(becomes, becomes).equals(becomes)) {
                problems.add("'" + label + "' becomes '" + becomes + "', which a line of its own changes to '"
                        + names.get(becomes) + "': name the last one in both lines");
            }
        });
        return new Reading(problems.isEmpty() ? new LabelMap(names) : NONE, problems);
    }

    private static void add(Map<String, String> names, String line, String place, List<String> problems) {
        List<String> fields = CsvLine.fields(line).orElse(List.of());
        if (fields.size() != HEADER.size() || fields.get(0).isBlank()) {
            problems.add(place + "a label and what it becomes are expected, with one comma between them");
            return;
        }
        if (names.putIfAbsent(fields.get(0).strip(), fields.get(1).strip()) != null) {
            problems.add(place + "'" + fields.get(0) + "' has a line before");
        }
    }

    /** The new name of a class; empty when it is dropped. */
    public Optional<String> name(String label) {
        String name = names.getOrDefault(label, label);
        return name.isEmpty() ? Optional.empty() : Optional.of(name);
    }

    /** True when the class has a line. */
    public boolean mentions(String label) {
        return names.containsKey(label);
    }

    /** A class counts as absent when every label that becomes it is. */
    public Known known(Known stated) {
        if (stated.complete() || names.isEmpty()) {
            return stated;
        }
        Set<String> absent = new HashSet<>(stated.absent());
        Set<String> doubtful = names.entrySet().stream()
                .filter(line -> !absent.contains(line.getKey()))
                .map(Map.Entry::getValue)
                .collect(Collectors.toSet());
        return Known.of(
                renamed(stated.absent()).stream()
                        .filter(name -> !doubtful.contains(name))
                        .toList(),
                renamed(stated.partial()));
    }

    private List<String> renamed(List<String> labels) {
        return labels.stream()
                .map(this::name)
                .flatMap(Optional::stream)
                .distinct()
                .sorted()
                .toList();
    }
}
