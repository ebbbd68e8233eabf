package io.palispark.annotation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** One line of comma-separated values; a quoted field stays on its line. */
public final class CsvLine {

    private static final char QUOTE = '"';

    private CsvLine() {}

    /** The fields, trimmed where they are not quoted; empty for a quote that is not closed. */
    public static Optional<List<String>> fields(String line) {
        List<String> fields = new ArrayList<>();
        StringBuilder field = new StringBuilder();
        boolean quoted = false;
        boolean wasQuoted = false;
        for (int i = 0; i < line.length(); i++) {
            char character = line.charAt(i);
            if (quoted) {
                boolean doubled = character == QUOTE && i + 1 < line.length() && line.charAt(i + 1) == QUOTE;
                quoted = character != QUOTE || doubled;
                i += doubled ? 1 : 0;
                if (quoted) {
                    field.append(character);
                }
            } else if (character == QUOTE && field.toString().isBlank()) {
                field.setLength(0);
                quoted = true;
                wasQuoted = true;
            } else if (character == ',') {
                fields.add(wasQuoted ? field.toString() : field.toString().strip());
                field.setLength(0);
                wasQuoted = false;
            } else {
                field.append(character);
            }
        }
        fields.add(wasQuoted ? field.toString() : field.toString().strip());
        return quoted ? Optional.empty() : Optional.of(fields);
    }

    /** Positions of the columns of a header, by lower-case name. */
    static Map<String, Integer> header(String line) {
        Map<String, Integer> columns = new HashMap<>();
        List<String> names = fields(line).orElse(List.of());
        for (int i = 0; i < names.size(); i++) {
            columns.putIfAbsent(names.get(i).toLowerCase(Locale.ROOT), i);
        }
        return columns;
    }
}
