package io.palispark.job;

import io.palispark.dataset.LabelMap;
import io.palispark.spark.Storage;
import java.io.IOException;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * Which classes are used and by what name.
 *
 * @param map new names
 * @param kept classes that are kept, by their new names; empty keeps all
 */
record LabelRules(LabelMap map, List<String> kept) implements Serializable {

    /** Reads {@code labels.map} and {@code labels.keep}. */
    static LabelRules of(Settings settings) {
        return new LabelRules(map(settings, "labels.map"), settings.texts("labels.keep"));
    }

    /** The map in the file that a setting names; none where it is blank. */
    static LabelMap map(Settings settings, String path) {
        String file = settings.text(path);
        if (file.isBlank()) {
            return LabelMap.NONE;
        }
        try {
            String text = new String(Storage.withoutSession().read(file), StandardCharsets.UTF_8);
            LabelMap.Reading reading = LabelMap.parse(text.lines().toList());
            reading.problems().forEach(problem -> settings.problem(path, file + ", " + problem));
            return reading.map();
        } catch (IOException unreadable) {
            settings.problem(path, "Cannot read " + file + ": " + unreadable.getMessage());
            return LabelMap.NONE;
        }
    }

    /** @param name after the map */
    boolean keeps(String name) {
        return kept.isEmpty() || kept.contains(name);
    }

    /** The name that rows use for a label of the input; empty when its objects are left out. */
    Optional<String> used(String label) {
        return map.name(label).filter(this::keeps);
    }
}
