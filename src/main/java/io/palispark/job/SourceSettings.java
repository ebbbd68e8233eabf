package io.palispark.job;

import io.palispark.annotation.AnnotationFormat;
import io.palispark.dataset.Task;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads where annotations and pictures come from: {@code input} for one source, {@code inputs} for a mixture. */
final class SourceSettings {

    private static final String INPUTS = "inputs";
    private static final double LARGEST_WEIGHT = 1000;

    /** What an entry of {@code inputs} may leave out. */
    private static final Map<String, Object> DEFAULTS =
            Map.of("format", "auto", "weight", 1, "limit", 0, "per-class", 0);

    private static final Set<String> KEYS =
            Set.of("name", "annotations", "images", "format", "task", "weight", "limit", "per-class");

    private SourceSettings() {}

    /** At least one source. */
    static List<PrepareConfig.Source> read(Settings settings) {
        List<Settings> entries = settings.entries(INPUTS, KEYS, DEFAULTS);
        if (entries.isEmpty()) {
            return List.of(new PrepareConfig.Source(
                    "",
                    settings.texts("input.annotations"),
                    format(settings, "input.format"),
                    settings.text("input.images"),
                    tasks(settings, settings),
                    1,
                    0,
                    0));
        }
        for (String single : List.of("input.annotations", "input.images")) {
            if (settings.has(single)) {
                settings.problem(single, "give it in every entry of inputs, or give no inputs");
            }
        }
        List<PrepareConfig.Source> sources = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (Settings entry : entries) {
            String name = entry.has("name") ? entry.text("name") : "source " + (sources.size() + 1);
            if (name.isBlank() || !names.add(name)) {
                entry.problem("name", "'" + name + "' is blank or the name of another source");
            }
            sources.add(source(name, entry, settings));
        }
        return sources;
    }

    private static PrepareConfig.Source source(String name, Settings entry, Settings all) {
        double weight = entry.number("weight", 0, LARGEST_WEIGHT);
        if (weight == 0) {
            entry.problem("weight", "0 draws nothing: leave the source out");
        }
        return new PrepareConfig.Source(
                name,
                entry.texts("annotations"),
                format(entry, "format"),
                entry.text("images"),
                tasks(entry, entry.has("task") ? entry : all),
                weight,
                entry.wholeNumber("limit", 0, Integer.MAX_VALUE),
                entry.wholeNumber("per-class", 0, Integer.MAX_VALUE));
    }

    private static List<Task> tasks(Settings problems, Settings from) {
        List<Task> tasks = from.choices("task", Task.class);
        if (tasks.isEmpty()) {
            problems.problem("task", "at least one task is needed");
        }
        return tasks;
    }

    /** The name of a format, or auto. */
    static String format(Settings settings, String path) {
        String label = settings.text(path);
        if (AnnotationFormat.ofLabel(label).isEmpty() && !label.equals("auto")) {
            settings.problem(path, "'" + label + "' is not one of auto | " + AnnotationFormat.labels());
        }
        return label;
    }
}
