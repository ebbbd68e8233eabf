package io.palispark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.palispark.SparkFixture;
import io.palispark.job.PrepareConfig;
import io.palispark.job.PrepareJob;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The demo corpus as a published dataset, damaged in every way that the command is for. */
class InspectDatasetCommandTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private static Path published;

    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();

    @BeforeAll
    static void publish() throws IOException {
        Path corpus = Path.of("src/main/resources/io/palispark/demo");
        PrepareJob.run(
                SparkFixture.session(),
                PrepareConfig.read(
                        Optional.empty(),
                        List.of(
                                "input.annotations=" + corpus.resolve("annotations/instances.json"),
                                "input.images=" + corpus.resolve("images"),
                                "split.near-duplicates=false",
                                "output.single-file=true",
                                "output.path=" + published)));
    }

    @BeforeEach
    void copy() throws IOException {
        FileUtils.copyDirectory(published.toFile(), folder.toFile());
    }

    @Test
    void aPublishedDatasetIsSound() throws IOException {
        assertThat(faults(0)).isEmpty();
        assertThat(lines())
                .extracting(line -> line.path("file").asText())
                .contains("manifest.json", "train.jsonl", "report/index.html")
                .anyMatch(name -> name.startsWith("rejects/"))
                .anyMatch(name -> name.startsWith("data/validation-"));
        assertThat(lines())
                .extracting(line -> line.path("check").asText())
                .contains("fingerprint", "object: written + rejected", "train: rows of all shards");
    }

    @Test
    void oneFlippedBitIsFoundInAShardAndInTheFileMadeOfIt() throws IOException {
        Path shard = shard("data/train-");
        flip(shard);
        assertThat(faults(4)).containsExactly(name(shard) + " hash-differs", "train.jsonl hash-differs");
    }

    @Test
    void oneFlippedBitIsFoundInTheFileOfASplit() throws IOException {
        flip(folder.resolve("test.jsonl"));
        assertThat(faults(4)).containsExactly("test.jsonl hash-differs");
    }

    @Test
    void anEditedPageIsFound() throws IOException {
        flip(folder.resolve("report/index.html"));
        assertThat(faults(4)).containsExactly("report/index.html hash-differs");
    }

    @Test
    void theSameRunMendsAnEditedPage() throws IOException {
        flip(published.resolve("report/index.html"));
        publish();
        assertThat(run(published)).isZero();
    }

    @Test
    void aMissingShardIsFound() throws IOException {
        Path shard = shard("rejects/");
        Files.delete(shard);
        assertThat(faults(4)).containsExactly(name(shard) + " missing");
    }

    @Test
    void aTruncatedShardIsFound() throws IOException {
        Path shard = shard("data/test-");
        byte[] bytes = Files.readAllBytes(shard);
        Files.write(shard, java.util.Arrays.copyOf(bytes, bytes.length - 1));
        assertThat(faults(4)).contains(name(shard) + " bytes-differ");
    }

    @Test
    void aFileThatNoManifestNamesIsFound() throws IOException {
        Files.writeString(folder.resolve("data/train-00009-0123456789abcdef.jsonl"), "{}\n");
        assertThat(faults(4)).containsExactly("data/train-00009-0123456789abcdef.jsonl unnamed");
    }

    @Test
    void whatARunningJobHasStagedIsNotPartOfTheDataset() throws IOException {
        Files.createDirectories(folder.resolve("_staging/0123456789abcdef/data"));
        Files.writeString(folder.resolve("_staging/0123456789abcdef/data/train-00000-x.jsonl"), "{}\n");
        assertThat(faults(0)).isEmpty();
    }

    @Test
    void aNumberChangedInTheManifestBreaksItsSumAndItsFingerprint() throws IOException {
        edit(manifest -> ((ObjectNode) manifest.at("/counts/object")).put("written", 213));
        assertThat(faults(4)).containsExactly("fingerprint sum-differs", "object: written + rejected sum-differs");
    }

    @Test
    void aReasonLeftOutBreaksTheSumOfReasons() throws IOException {
        edit(manifest -> manifest.putArray("reasons"));
        assertThat(faults(4)).contains("fingerprint sum-differs", "object: rejected by reason sum-differs");
    }

    @Test
    void aRowLeftOutAndHashedAnewBreaksTheRowsOfItsSplit() throws IOException {
        edit(manifest -> ((ObjectNode) manifest.at("/shards/0")).put("rows", 1));
        assertThat(faults(4))
                .contains(
                        "train: rows of all shards sum-differs",
                        "twin of " + name(shard("data/train-")) + " sum-differs");
    }

    @Test
    void theRunBlockIsNotPartOfTheFingerprint() throws IOException {
        edit(manifest -> manifest.putObject("run"));
        assertThat(faults(0)).isEmpty();
    }

    @Test
    void aManifestThatNamesAFileOutsideIsRefused() throws IOException {
        edit(manifest -> ((ObjectNode) manifest.at("/shards/0")).put("path", "data/../../secret"));
        assertThat(run(folder)).isEqualTo(4);
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void aFolderWithoutAManifestIsRefused() {
        assertThat(run(folder.resolve("data"))).isEqualTo(4);
    }

    private interface Edit {
        void apply(ObjectNode manifest);
    }

    private void edit(Edit edit) throws IOException {
        Path file = folder.resolve("manifest.json");
        ObjectNode manifest = (ObjectNode) JSON.readTree(file.toFile());
        edit.apply(manifest);
        Files.writeString(file, manifest.toString());
    }

    private static void flip(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 1;
        Files.write(file, bytes);
    }

    private Path shard(String start) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(
                            file -> name(file).startsWith(start) && !name(file).endsWith(".meta.jsonl"))
                    .filter(Files::isRegularFile)
                    .findFirst()
                    .orElseThrow();
        }
    }

    private String name(Path file) {
        return folder.relativize(file).toString().replace('\\', '/');
    }

    private List<String> faults(int exit) throws IOException {
        assertThat(run(folder)).isEqualTo(exit);
        List<String> faults = new ArrayList<>();
        for (JsonNode line : lines()) {
            String verdict = line.path("verdict").asText();
            if (!verdict.isEmpty() && !verdict.equals("ok") && !verdict.equals("unhashed")) {
                faults.add(line.path("file").asText() + line.path("check").asText() + " " + verdict);
            }
        }
        List<JsonNode> lines = lines();
        assertThat(lines.get(lines.size() - 1).path("sound").asBoolean()).isEqualTo(exit == 0);
        return faults;
    }

    private List<JsonNode> lines() throws IOException {
        List<JsonNode> lines = new ArrayList<>();
        for (String line : out.toString().lines().toList()) {
            lines.add(JSON.readTree(line));
        }
        return lines;
    }

    private int run(Path path) {
        return Main.commandLine()
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(new StringWriter()))
                .setExecutionExceptionHandler((failure, command, parsed) -> Main.Exit.UNREADABLE)
                .execute("inspect", "dataset", path.toString());
    }
}
