package io.palispark.annotation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** The table of formats in the documentation is what the readers declare; the failure shows the right one. */
class FormatTableTest {

    private static String table() {
        List<String> lines = new ArrayList<>();
        List<String> contents = Arrays.stream(FormatContent.values())
                .map(content -> content.name().toLowerCase(Locale.ROOT))
                .toList();
        lines.add("| format | " + String.join(" | ", contents) + " |");
        lines.add("|---".repeat(contents.size() + 1) + "|");
        for (AnnotationFormat format : AnnotationFormat.values()) {
            StringBuilder line = new StringBuilder("| `" + format.label() + "` |");
            for (FormatContent content : FormatContent.values()) {
                line.append(format.contents().contains(content) ? " yes |" : " |");
            }
            lines.add(line.toString());
        }
        return String.join("\n", lines);
    }

    @Test
    void theDocumentationHoldsTheTableThatTheReadersDeclare() throws IOException {
        assertThat(Files.readString(Path.of("src/site/formats.md"))).contains(table());
    }
}
