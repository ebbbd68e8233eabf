package io.palispark.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.palispark.SparkFixture;
import io.palispark.annotation.AnnotationRecord.RowKind;
import io.palispark.dataset.Ledger;
import io.palispark.dataset.StableHash;
import io.palispark.token.ParsedSuffix;
import io.palispark.token.SuffixParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The demo corpus through the whole job. */
class PrepareJobTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path CORPUS = Path.of("src/main/resources/io/palispark/demo");

    @TempDir
    Path folder;

    @Test
    void everyRecordOfTheDemoCorpusIsWrittenOrRejected() throws IOException {
        PrepareResult result = prepare("rows", "task=[segment, caption, vqa]");

        assertThat(result.ledger().of(RowKind.OBJECT)).isEqualTo(new Ledger.Tally(215, 214, 1, 1));
        assertThat(result.ledger().of(RowKind.CAPTION)).isEqualTo(new Ledger.Tally(192, 192, 0, 0));
        assertThat(result.ledger().of(RowKind.QUESTION)).isEqualTo(new Ledger.Tally(286, 286, 0, 0));
        assertThat(result.ledger().losses()).isEmpty();
    }

    @Test
    void theManifestNamesShardsThatHoldWhatItSays() throws IOException {
        prepare("rows", "split.near-duplicates=false");

        JsonNode manifest = manifest("rows");
        assertThat(manifest.get("weights").get("stand_in").asBoolean()).isTrue();
        for (JsonNode shard : manifest.get("shards")) {
            byte[] bytes = Files.readAllBytes(
                    folder.resolve("rows").resolve(shard.get("path").asText()));
            assertThat(HexFormat.of().formatHex(StableHash.sha256().digest(bytes)))
                    .isEqualTo(shard.get("sha256").asText());
            assertThat(new String(bytes, java.nio.charset.StandardCharsets.UTF_8).lines())
                    .hasSize(shard.get("rows").asInt());
        }
    }

    @Test
    void suffixesReadBackWithoutDefectsAndHoldEachObjectOnce() throws IOException {
        prepare("rows", "split.near-duplicates=false");

        int objects = 0;
        for (JsonNode row : rows("rows")) {
            ParsedSuffix parsed = SuffixParser.parse(row.get("suffix").asText());
            assertThat(parsed.defects()).isEmpty();
            objects += parsed.objects().size();
            assertThat(row.fieldNames()).toIterable().containsExactly("image", "prefix", "suffix");
        }
        assertThat(objects).isEqualTo(214);
    }

    @Test
    void theSameInputGivesTheSameBytesWhateverCameBefore() throws IOException {
        PrepareResult first = prepare("one", "output.shard-bytes=16KiB", "split.near-duplicates=false");
        Files.move(folder.resolve("one"), folder.resolve("kept"));
        Path unfinished = folder.resolve("one/_staging/left-over/data");
        Files.createDirectories(unfinished);
        Files.writeString(unfinished.resolve("train-00000-x.jsonl"), "half a line");

        PrepareResult again = prepare("one", "output.shard-bytes=16KiB", "split.near-duplicates=false");

        assertThat(again.fingerprint()).isEqualTo(first.fingerprint());
        assertThat(folder.resolve("one/_staging")).doesNotExist();
    }

    @Test
    void aFailedGateLeavesTheOldDatasetAndWritesTheRejects() throws IOException {
        prepare("rows", "split.near-duplicates=false");
        byte[] before = Files.readAllBytes(folder.resolve("rows/manifest.json"));

        assertThatThrownBy(() ->
                        prepare("rows", "split.near-duplicates=false", "input.images=" + folder.resolve("nowhere")))
                .isInstanceOf(GateException.class)
                .hasMessageContaining("gates.max-reject-ratio");

        assertThat(Files.readAllBytes(folder.resolve("rows/manifest.json"))).isEqualTo(before);
        assertThat(folder.resolve("rows/rejects")).isNotEmptyDirectory();
    }

    @Test
    void aRunAfterAFailedGateMakesNoFinishedPartAgain() throws IOException {
        String[] settings = {"split.near-duplicates=false", "budget.tokens=30", "output.shard-bytes=16KiB"};
        assertThatThrownBy(() -> prepare("rows", settings[0], settings[1], settings[2], "gates.max-reject-ratio=0"))
                .isInstanceOf(GateException.class);
        Map<Path, FileTime> staged = files(folder.resolve("rows/_staging"));

        assertThatThrownBy(() -> prepare("rows", settings[0], settings[1], settings[2], "gates.max-reject-ratio=0"))
                .isInstanceOf(GateException.class);

        assertThat(staged).isNotEmpty();
        assertThat(files(folder.resolve("rows/_staging"))).isEqualTo(staged);
    }

    @Test
    void aPartWhoseStagedFileWasEditedIsMadeAgain() throws IOException {
        assertThatThrownBy(() -> prepare("rows", "budget.tokens=30", "gates.max-reject-ratio=0"))
                .isInstanceOf(GateException.class);
        Path edited = files(folder.resolve("rows/_staging")).keySet().stream()
                .filter(path -> path.toString().endsWith(".jsonl"))
                .findFirst()
                .orElseThrow();
        byte[] good = Files.readAllBytes(edited);
        byte[] bad = good.clone();
        bad[bad.length / 2] ^= 1;
        Files.write(edited, bad);

        assertThatThrownBy(() -> prepare("rows", "budget.tokens=30", "gates.max-reject-ratio=0"))
                .isInstanceOf(GateException.class);

        assertThat(Files.readAllBytes(edited)).isEqualTo(good);
    }

    @Test
    void aRunWithNothingNewEncodesAndWritesNothing() throws IOException {
        PrepareResult first = prepare("rows", "split.near-duplicates=false", "output.shard-bytes=16KiB");
        Map<Path, FileTime> published = files(folder.resolve("rows"));

        PrepareResult again = prepare("rows", "split.near-duplicates=false", "output.shard-bytes=16KiB");

        assertThat(first.encodedObjects()).isEqualTo(214);
        assertThat(again.encodedObjects()).isZero();
        assertThat(again.fingerprint()).isEqualTo(first.fingerprint());
        assertThat(again.ledger().tallies())
                .usingRecursiveComparison()
                .isEqualTo(first.ledger().tallies());
        assertThat(again.statistics()).isEqualTo(first.statistics());
        assertThat(files(folder.resolve("rows"))).isEqualTo(published);
    }

    @Test
    void onlyThePartOfAChangedObjectIsEncodedAgain() throws IOException {
        Path annotations = Files.copy(CORPUS.resolve("annotations/instances.json"), folder.resolve("instances.json"));
        String[] settings = {
            "split.near-duplicates=false", "output.shard-bytes=16KiB", "input.annotations=" + annotations
        };
        prepare("rows", settings);
        Map<Path, FileTime> published = files(folder.resolve("rows/data"));
        String text = Files.readString(annotations);
        int label = text.indexOf("\"category_id\":");
        char digit = text.charAt(label + 14) == '1' ? '2' : '1';
        Files.writeString(annotations, text.substring(0, label + 14) + digit + text.substring(label + 15));

        PrepareResult changed = prepare("rows", settings);

        assertThat(changed.encodedObjects()).isBetween(1L, 80L);
        Map<Path, FileTime> after = files(folder.resolve("rows/data"));
        assertThat(after.keySet()).containsAll(published.keySet());
        after.entrySet().removeAll(published.entrySet());
        assertThat(after.keySet().stream()
                        .map(file -> file.getFileName().toString().split("-")[1])
                        .distinct())
                .hasSize(1);
        PrepareResult anew = prepare("anew", settings);
        assertThat(shardHashes("rows")).isEqualTo(shardHashes("anew"));
        assertThat(anew.encodedObjects()).isEqualTo(214);
    }

    @Test
    void aPublishedShardThatWasEditedIsMadeAgain() throws IOException {
        prepare("rows", "split.near-duplicates=false", "output.shard-bytes=16KiB");
        JsonNode shard = manifest("rows").get("shards").get(0);
        Path edited = folder.resolve("rows").resolve(shard.get("path").asText());
        byte[] good = Files.readAllBytes(edited);
        Files.writeString(edited, "edited");

        PrepareResult mended = prepare("rows", "split.near-duplicates=false", "output.shard-bytes=16KiB");

        assertThat(mended.encodedObjects()).isBetween(1L, 80L);
        assertThat(Files.readAllBytes(edited)).isEqualTo(good);
    }

    @Test
    void aPictureThatChangedIsNoticed() throws IOException {
        Path images = Files.createDirectory(folder.resolve("images"));
        try (Stream<Path> originals = Files.list(CORPUS.resolve("images"))) {
            for (Path original : originals.toList()) {
                Files.copy(original, images.resolve(original.getFileName()));
            }
        }
        String[] settings = {"split.near-duplicates=false", "output.shard-bytes=16KiB", "input.images=" + images};
        prepare("rows", settings);
        Files.writeString(images.resolve("scene_001001.jpg"), "no picture");

        PrepareResult changed = prepare("rows", settings);

        assertThat(changed.encodedObjects()).isBetween(1L, 80L);
        assertThat(changed.ledger().of(RowKind.IMAGE).rejected()).isPositive();
    }

    private List<String> shardHashes(String output) throws IOException {
        List<String> hashes = new ArrayList<>();
        manifest(output)
                .get("shards")
                .forEach(shard -> hashes.add(shard.get("sha256").asText()));
        return hashes;
    }

    private static Map<Path, FileTime> files(Path root) throws IOException {
        Map<Path, FileTime> files = new TreeMap<>();
        try (Stream<Path> found = Files.walk(root)) {
            for (Path file : found.filter(Files::isRegularFile).toList()) {
                files.put(file, Files.getLastModifiedTime(file));
            }
        }
        return files;
    }

    @Test
    void aTightBudgetDropsWholeObjectsAndCutsNone() throws IOException {
        PrepareResult result =
                prepare("rows", "budget.tokens=50", "budget.overflow=drop-objects", "split.near-duplicates=false");

        assertThat(result.ledger().reasons())
                .anySatisfy(reason -> assertThat(reason.reason().code()).isEqualTo("budget-exceeded"));
        for (JsonNode row : rows("rows")) {
            assertThat(SuffixParser.parse(row.get("suffix").asText()).defects()).isEmpty();
        }
    }

    @Test
    void absentClassesAreAskedForWhenNegativesAreWanted() throws IOException {
        prepare("rows", "task=detect", "prompt.rows-per=class", "prompt.negatives=2", "split.near-duplicates=false");

        assertThat(rows("rows"))
                .allSatisfy(row ->
                        assertThat(row.get("prefix").asText().split(" ; ")).hasSizeGreaterThanOrEqualTo(2));
    }

    @Test
    void everyPromptFormMakesRowsAndTheManifestRecordsItsText() throws IOException {
        prepare(
                "rows",
                "task=[detect, segment, caption, vqa, question, ocr, region, count, presence, listing]",
                "prompt.detect=detect-all-classes",
                "prompt.count=\"answer {language} number of {class}\"",
                "prompt.negatives=1",
                "prompt.negative-rows=1",
                "noise.objects=6",
                "split.near-duplicates=false");

        assertThat(manifest("rows").path("prompts").path("detect").asText()).isEqualTo("detect all classes");
        assertThat(rows("rows"))
                .extracting(row -> row.path("prefix").asText().split(" ")[0])
                .contains("detect", "segment", "caption", "answer", "question", "ocr");
        assertThat(rows("rows"))
                .extracting(row -> row.path("prefix").asText())
                .contains("answer en number of star", "answer en What objects are in the image?");
    }

    @Test
    void promptsThatCannotBeAreAllNamedTogether() {
        assertThatThrownBy(() -> prepare(
                        "rows",
                        "task=[detect, presence]",
                        "prompt.detect=\"find {things}\"",
                        "prompt.caption=\"a <bos> caption\"",
                        "prompt.language=fi"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("prompt.detect: 'find {things}' lacks {classes}")
                .hasMessageContaining("prompt.caption")
                .hasMessageContaining("prompt.presence: 'presence' is not there in fi")
                .hasMessageContaining("prompt.yes: required for the language fi");
    }

    @Test
    void nearDuplicatesShareASplit() throws IOException {
        prepare("rows");

        String one = splitOf("scene_001050.jpg");
        assertThat(splitOf("scene_001659.jpg")).isEqualTo(one);
    }

    private PrepareResult prepare(String output, String... overrides) throws IOException {
        List<String> settings = new ArrayList<>(List.of(
                "input.annotations=" + CORPUS.resolve("annotations"),
                "input.images=" + CORPUS.resolve("images"),
                "gates.max-reject-ratio=0.5",
                "output.report-pictures=2",
                "output.path=" + folder.resolve(output)));
        settings.addAll(List.of(overrides));
        return PrepareJob.run(SparkFixture.session(), PrepareConfig.read(Optional.empty(), settings));
    }

    private JsonNode manifest(String output) throws IOException {
        return JSON.readTree(folder.resolve(output).resolve("manifest.json").toFile());
    }

    private List<JsonNode> rows(String output) throws IOException {
        List<JsonNode> rows = new ArrayList<>();
        for (JsonNode shard : manifest(output).get("shards")) {
            String path = shard.get("path").asText();
            if (!path.endsWith(".meta.jsonl")) {
                for (String line : Files.readAllLines(folder.resolve(output).resolve(path))) {
                    rows.add(JSON.readTree(line));
                }
            }
        }
        return rows;
    }

    private String splitOf(String image) throws IOException {
        for (JsonNode shard : manifest("rows").get("shards")) {
            String path = shard.get("path").asText();
            if (Files.readString(folder.resolve("rows").resolve(path)).contains("\"" + image + "\"")) {
                return path.split("[/-]")[1];
            }
        }
        throw new AssertionError(image + " is in no split");
    }
}
