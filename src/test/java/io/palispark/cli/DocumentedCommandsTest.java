package io.palispark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import picocli.CommandLine;

/** Every command of the pages has options and settings that exist. */
class DocumentedCommandsTest {

    private static final String LAUNCHER = "jobs/palispark ";
    private static final Pattern QUOTED_OR_PLAIN = Pattern.compile("(?:\"(?:\\\\.|[^\"])*\"|[^\" ])+");

    @TestFactory
    Stream<DynamicTest> commandsOfThePagesAreUnderstood() throws IOException {
        List<Path> pages = new ArrayList<>(List.of(Path.of("README.md")));
        try (Stream<Path> site = Files.list(Path.of("src/site"))) {
            site.filter(page -> page.toString().endsWith(".md")).sorted().forEach(pages::add);
        }
        List<DynamicTest> tests = new ArrayList<>();
        for (Path page : pages) {
            for (String line : Files.readAllLines(page)) {
                if (line.startsWith(LAUNCHER)) {
                    tests.add(DynamicTest.dynamicTest(
                            page.getFileName() + ": " + line,
                            () -> understand(words(line.substring(LAUNCHER.length())))));
                }
            }
        }
        assertThat(tests).hasSizeGreaterThan(10);
        return tests.stream();
    }

    /** As a shell splits a line: double quotes hold blanks together, a backslash takes a quote for what it is. */
    private static String[] words(String line) {
        return QUOTED_OR_PLAIN
                .matcher(line)
                .results()
                .map(word -> word.group().replaceAll("(?<!\\\\)\"", "").replace("\\\"", "\""))
                .toArray(String[]::new);
    }

    private static void understand(String... words) {
        CommandLine.ParseResult parsed = Main.commandLine().parseArgs(words);
        assertThat(parsed.subcommand()).isNotNull();
        if (parsed.subcommand().commandSpec().userObject() instanceof JobCommand<?>) {
            List<String> dry = new ArrayList<>(List.of(words));
            if (!dry.contains("--dry-run")) {
                dry.add("--dry-run");
            }
            assertThat(Main.run(dry.toArray(String[]::new))).isZero();
        }
    }
}
