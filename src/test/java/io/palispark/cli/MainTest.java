package io.palispark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.palispark.SparkFixture;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What a shell sees: exit codes and where words go. */
class MainTest {

    private static final Path CORPUS = Path.of("src/main/resources/io/palispark/demo");

    @TempDir
    Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @BeforeEach
    void sparkRuns() {
        SparkFixture.session();
    }

    @Test
    void aRunThatPublishesIsZeroAndShowsItsTable() {
        assertThat(prepare()).isZero();
        assertThat(text(out)).contains("object", "fingerprint", "manifest.json");
        assertThat(folder.resolve("rows/manifest.json")).exists();
    }

    @Test
    void wrongSettingsAreTwoAndAllNamed() {
        assertThat(prepare("--set", "order=sideways", "--set", "codec.batch=-1"))
                .isEqualTo(2);
        assertThat(text(err)).contains("order", "sideways", "codec.batch", "-1");
        assertThat(folder.resolve("rows")).doesNotExist();
    }

    @Test
    void anUnknownOptionIsTwo() {
        assertThat(run("prepare", "--colour", "red")).isEqualTo(2);
    }

    @Test
    void aFailedGateIsThreeAndPublishesNothing() throws IOException {
        Path empty = Files.createDirectories(folder.resolve("no pictures"));
        assertThat(prepare("--set", "input.images=" + empty)).isEqualTo(3);
        assertThat(text(err)).contains("gates.max-reject-ratio", "image-missing");
        assertThat(folder.resolve("rows/manifest.json")).doesNotExist();
    }

    @Test
    void anInputThatIsNotThereIsFour() {
        assertThat(prepare("--set", "input.annotations=" + folder.resolve("none.json")))
                .isEqualTo(4);
        assertThat(text(err)).contains("none.json");
    }

    @Test
    void anOutputThatCannotBePublishedIsOneAndSaysWhatToDo() throws IOException {
        Files.createDirectories(folder.resolve("rows/manifest.json/in the way"));
        assertThat(prepare()).isEqualTo(1);
        assertThat(text(err))
                .contains("Cannot write " + folder.resolve("rows/manifest.json"), "output.path")
                .doesNotContain("Exception");
    }

    @Test
    void aDryRunChecksAndRunsNothing() {
        assertThat(prepare("--dry-run")).isZero();
        assertThat(text(out)).contains("\"annotations\"");
        assertThat(folder.resolve("rows")).doesNotExist();
    }

    @Test
    void everyCommandTeachesWithAnExample() {
        for (CommandLine command : leaves(Main.commandLine())) {
            if (!command.getCommandName().equals("help")) {
                assertThat(command.getUsageMessage())
                        .as(command.getCommandName())
                        .contains("Example:")
                        .contains("jobs/palispark");
            }
        }
    }

    private static List<CommandLine> leaves(CommandLine command) {
        if (command.getSubcommands().isEmpty()) {
            return List.of(command);
        }
        List<CommandLine> leaves = new ArrayList<>();
        command.getSubcommands().values().forEach(child -> leaves.addAll(leaves(child)));
        return leaves;
    }

    private int prepare(String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "prepare",
                "--set",
                "input.annotations=" + CORPUS.resolve("annotations/instances.json"),
                "--set",
                "input.images=" + CORPUS.resolve("images"),
                "--set",
                "split.near-duplicates=false",
                "--set",
                "output.path=" + folder.resolve("rows")));
        arguments.addAll(List.of(more));
        return run(arguments.toArray(String[]::new));
    }

    private int run(String... arguments) {
        PrintStream formerOut = System.out;
        PrintStream formerErr = System.err;
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
        try {
            return Main.run(arguments);
        } finally {
            System.setOut(formerOut);
            System.setErr(formerErr);
        }
    }

    private static String text(ByteArrayOutputStream stream) {
        return stream.toString(StandardCharsets.UTF_8);
    }
}
