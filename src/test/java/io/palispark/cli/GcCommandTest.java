package io.palispark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A folder of old and young files, named and unnamed. */
class GcCommandTest {

    private static final Duration OLD = Duration.ofDays(30);
    private static final Duration YOUNG = Duration.ofHours(1);

    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();

    @BeforeEach
    void publish() throws IOException {
        write("manifest.json", """
                {"kind":"prepared","config":{"output":{"single-file":true}},
                 "shards":[{"path":"data/train-00000-a.jsonl"},{"path":"data/train-00000-a.meta.jsonl"}],
                 "rejects":[{"path":"rejects/part-00000-b.jsonl"}]}""", OLD);
        for (String named : List.of(
                "data/train-00000-a.jsonl",
                "data/train-00000-a.meta.jsonl",
                "rejects/part-00000-b.jsonl",
                "train.jsonl",
                "_receipts/part-00000.json",
                "report/index.html")) {
            write(named, "named", OLD);
        }
        write("data/train-00000-c.jsonl", "of an earlier dataset", OLD);
        write("data/.train-00001-d.jsonl.0000.tmp", "unfinished", OLD);
        write("data/train-00002-e.jsonl", "young", YOUNG);
    }

    @Test
    void oldFilesThatNoManifestNamesAreListedAndStay() throws IOException {
        assertThat(collected()).containsExactly("data/.train-00001-d.jsonl.0000.tmp", "data/train-00000-c.jsonl");
        assertThat(folder.resolve("data/train-00000-c.jsonl")).exists();
        assertThat(last().path("bytes").asLong()).isEqualTo("of an earlier dataset".length() + "unfinished".length());
        assertThat(last().path("deleted").asBoolean()).isFalse();
    }

    @Test
    void deletedOnRequestTheyAreGoneAndNothingElseIs() throws IOException {
        assertThat(collected("--delete")).hasSize(2);
        assertThat(folder.resolve("data/train-00000-c.jsonl")).doesNotExist();
        assertThat(folder.resolve("data/.train-00001-d.jsonl.0000.tmp")).doesNotExist();
        for (String stays : List.of(
                "manifest.json",
                "data/train-00000-a.jsonl",
                "data/train-00000-a.meta.jsonl",
                "data/train-00002-e.jsonl",
                "rejects/part-00000-b.jsonl",
                "train.jsonl",
                "_receipts/part-00000.json",
                "report/index.html")) {
            assertThat(folder.resolve(stays)).exists();
        }
        assertThat(collected("--delete")).isEmpty();
    }

    @Test
    void theAgeLimitDecides() throws IOException {
        assertThat(collected("--older-than", "60d")).isEmpty();
        assertThat(collected("--older-than", "30m")).hasSize(3);
    }

    @Test
    void whileARunStagesFilesNothingIsTouched() throws IOException {
        write("_staging/run/data/train-00000-f.jsonl", "staged long ago", OLD);
        write("_staging/run/receipts/part-00001.json", "staged a moment ago", YOUNG);
        assertThat(collected("--delete")).isEmpty();
    }

    @Test
    void aRunThatLivesOnPartsFinishedLongAgoKeepsThem() throws IOException {
        write("_staging/run/data/train-00000-f.jsonl", "staged long ago", OLD);
        write("_staging/claim.json", "{}", YOUNG);
        assertThat(collected("--delete")).isEmpty();
        write("_staging/claim.json", "{}", OLD);
        assertThat(collected("--delete")).contains("_staging/run/data/train-00000-f.jsonl", "_staging/claim.json");
    }

    @Test
    void aRunThatWasGivenUpIsCollectedBesideTheOtherFiles() throws IOException {
        write("_staging/run/data/train-00000-f.jsonl", "staged long ago", OLD);
        assertThat(collected("--delete"))
                .containsExactly(
                        "_staging/run/data/train-00000-f.jsonl",
                        "data/.train-00001-d.jsonl.0000.tmp",
                        "data/train-00000-c.jsonl");
    }

    @Test
    void withoutAManifestOnlyStagedFilesAreConsidered() throws IOException {
        Files.delete(folder.resolve("manifest.json"));
        write("_staging/run/data/train-00000-f.jsonl", "staged long ago", OLD);
        assertThat(collected("--delete")).containsExactly("_staging/run/data/train-00000-f.jsonl");
    }

    @Test
    void aDatasetWithinTheFolderIsLeftAlone() throws IOException {
        write("inner/manifest.json", "{}", OLD);
        write("inner/data/train-00000-g.jsonl", "another dataset's", OLD);
        assertThat(collected("--delete")).noneMatch(name -> name.startsWith("inner/"));
    }

    @Test
    void aFileFromTheFutureIsYoung() throws IOException {
        write("data/train-00003-h.jsonl", "of a skewed clock", Duration.ofDays(-3));
        assertThat(collected("--older-than", "0s"))
                .contains("data/train-00002-e.jsonl")
                .noneMatch(name -> name.contains("-h."));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "not JSON",
                "[]",
                "{\"kind\":\"recipes\"}",
                "{\"kind\":\"prepared\",\"shards\":[{\"path\":\"../x\"}]}"
            })
    void aManifestThatCannotBeUsedIsFourAndDeletesNothing(String manifest) throws IOException {
        write("manifest.json", manifest, OLD);
        assertThat(run("--delete")).isEqualTo(4);
        assertThat(folder.resolve("data/train-00000-c.jsonl")).exists();
    }

    @Test
    void aFolderOfOtherThingsIsFourAndDeletesNothing() throws IOException {
        Files.delete(folder.resolve("manifest.json"));
        assertThat(run("--delete")).isEqualTo(4);
        assertThat(folder.resolve("data/train-00000-c.jsonl")).exists();
    }

    @ParameterizedTest
    @ValueSource(strings = {"7", "d", "-1d", "1w"})
    void anAgeWithoutAUnitIsTwo(String age) {
        assertThat(run("--older-than", age)).isEqualTo(2);
    }

    private void write(String name, String content, Duration age) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(age)));
    }

    private List<String> collected(String... options) throws IOException {
        out.getBuffer().setLength(0);
        assertThat(run(options)).isZero();
        List<String> names = new ArrayList<>();
        for (String line : out.toString().lines().toList()) {
            JsonNode file = new ObjectMapper().readTree(line);
            if (file.has("file")) {
                names.add(file.path("file").asText());
            }
        }
        return names;
    }

    private JsonNode last() throws IOException {
        return new ObjectMapper()
                .readTree(
                        out.toString().lines().reduce((first, second) -> second).orElseThrow());
    }

    private int run(String... options) {
        List<String> arguments = new ArrayList<>(List.of("gc", folder.toString()));
        arguments.addAll(List.of(options));
        return Main.commandLine()
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(new StringWriter()))
                .setExecutionExceptionHandler((failure, command, parsed) ->
                        failure instanceof IOException ? Main.Exit.UNREADABLE : Main.Exit.FAILED)
                .execute(arguments.toArray(String[]::new));
    }
}
