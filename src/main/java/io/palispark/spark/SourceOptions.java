package io.palispark.spark;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.ToLongFunction;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

/**
 * The options of a data source, as a query gives them.
 *
 * @param source its short name, for messages
 */
record SourceOptions(String source, CaseInsensitiveStringMap options) {

    private static final String PATH = "path";
    private static final String PATHS = "paths";

    /** What Spark adds to the options of a table that stands in its catalogue. */
    private static final Set<String> CATALOGUE =
            Set.of("provider", "owner", "location", "external", "is_managed_location", "comment");

    /**
     * Refuses options that mean nothing.
     *
     * @param known names beside the paths
     */
    SourceOptions refuseOthers(List<String> known) {
        Set<String> unknown = new TreeSet<>(options.keySet());
        known.forEach(unknown::remove);
        unknown.removeAll(CATALOGUE);
        unknown.removeIf(name -> name.equals(PATH) || name.equals(PATHS) || name.startsWith("option."));
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException("Cannot read " + source + " with the option "
                    + String.join(", ", unknown) + ": it knows " + PATH + ", " + String.join(", ", known));
        }
        return this;
    }

    Optional<String> text(String name) {
        return Optional.ofNullable(options.get(name)).filter(value -> !value.isBlank());
    }

    /** A number of at least 1, as {@code conf/prepare.conf} writes it. */
    int number(String name, int usual, int most) {
        return text(name)
                .map(value -> within(name, value, most, config -> config.getLong(name)))
                .orElse(usual);
    }

    /** A size of at least a byte, with a unit as configuration files write it, such as {@code 16 MiB}. */
    int bytes(String name, int usual, int most) {
        return text(name)
                .map(value -> within(name, value, most, config -> config.getBytes(name)))
                .orElse(usual);
    }

    private int within(String name, String value, int most, ToLongFunction<Config> read) {
        try {
            long number = read.applyAsLong(ConfigFactory.parseMap(Map.of(name, value)));
            if (number >= 1 && number <= most) {
                return (int) number;
            }
        } catch (ConfigException unreadable) {
            throw outOfRange(name, value, most, unreadable);
        }
        throw outOfRange(name, value, most, null);
    }

    private IllegalArgumentException outOfRange(String name, String value, int most, Exception cause) {
        return new IllegalArgumentException(
                "Cannot read " + source + ": " + name + " is '" + value + "'; 1 to " + most + " is expected", cause);
    }

    /** What {@code load} was given, at least one. */
    List<String> paths() {
        List<String> paths = new ArrayList<>();
        text(PATH).ifPresent(paths::add);
        text(PATHS).ifPresent(list -> paths.addAll(parsed(list)));
        if (paths.isEmpty()) {
            throw new IllegalArgumentException("Cannot read " + source + ": no path; give one to load() or as option");
        }
        return List.copyOf(paths);
    }

    /** Spark hands several paths over as a JSON list. */
    private List<String> parsed(String list) {
        try {
            return List.of(new ObjectMapper().readValue(list, String[].class));
        } catch (JsonProcessingException malformed) {
            throw new IllegalArgumentException(
                    "Cannot read " + source + ": paths is '" + list + "'; a JSON list of texts is expected", malformed);
        }
    }
}
