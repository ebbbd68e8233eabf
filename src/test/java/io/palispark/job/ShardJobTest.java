package io.palispark.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.palispark.SparkFixture;
import io.palispark.annotation.AnnotationRecord.RowKind;
import io.palispark.dataset.Ledger;
import io.palispark.image.ImageContent;
import io.palispark.image.ImageLimits;
import io.palispark.spark.ImageShards;
import io.palispark.spark.ImageSource;
import io.palispark.spark.ShardFormat;
import io.palispark.spark.Storage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ShardJobTest {

    private static final List<String> GOOD = List.of(
            "baseline-420.jpg", "cmyk-adobe.jpg", "lossless.webp", "orientation-6.jpg", "palette.gif", "rgba32.bmp");

    @TempDir
    private Path folder;

    private Path corpus;

    @BeforeEach
    void twelveGoodPicturesAndThreeBadFiles() throws IOException {
        corpus = Files.createDirectories(folder.resolve("corpus"));
        for (String name : GOOD) {
            copy(name, name);
            copy(name, "deeper/a.b." + name);
        }
        copy("truncated-half.jpg", "cut.jpg");
        copy("page.jpg", "page.jpg");
        copy("bomb-30000x30000.png", "bomb.png");
    }

    @ParameterizedTest
    @EnumSource(ShardFormat.class)
    void everyPictureIsFoundByNameWithItsBytes(ShardFormat format) throws IOException {
        SparkSession session = SparkFixture.on("local[2]");
        ShardResult result = ShardJob.run(session, config("out", "shard.format=" + Settings.spelling(format)));
        Ledger.Tally tally = result.ledger().of(RowKind.IMAGE);
        assertThat(tally.input()).isEqualTo(15);
        assertThat(tally.written()).isEqualTo(12);
        assertThat(tally.rejected()).isEqualTo(3);
        assertThat(result.shards()).isGreaterThan(2);
        ImageShards shards = open(session, "out");
        for (String name : GOOD) {
            assertThat(read(shards, name)).isEqualTo(Files.readAllBytes(corpus.resolve(name)));
            assertThat(read(shards, "deeper/a.b." + name)).isEqualTo(Files.readAllBytes(corpus.resolve(name)));
        }
        assertThat(shards.find("cut.jpg")).isEmpty();
        assertThat(shards.find("zzz.jpg")).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(ShardFormat.class)
    void bytesAndFingerprintDoNotDependOnParallelism(ShardFormat format) throws IOException {
        String one;
        String two;
        SparkSession session = SparkFixture.on("local[1]");
        one = ShardJob.run(session, config("same", "shard.format=" + Settings.spelling(format)))
                .fingerprint();
        TreeMap<String, byte[]> first = files("same");
        Files.move(folder.resolve("same"), folder.resolve("first"));
        session = SparkFixture.on("local[2]");
        two = ShardJob.run(session, config("same", "shard.format=" + Settings.spelling(format)))
                .fingerprint();
        assertThat(two).isEqualTo(one);
        assertThat(files("same").keySet()).isEqualTo(first.keySet());
        files("same")
                .forEach((name, bytes) -> assertThat(Arrays.equals(bytes, first.get(name)))
                        .as(name)
                        .isTrue());
    }

    @Test
    void aTarShardIsReadByTheSystemsTarAndHoldsPairs() throws IOException, InterruptedException {
        SparkSession session = SparkFixture.on("local[2]");
        ShardJob.run(session, config("out"));
        JsonNode manifest = manifest("out");
        Path shard = folder.resolve("out")
                .resolve(manifest.get("shards").get(0).get("path").asText());
        Process tar = new ProcessBuilder("tar", "-tf", shard.toString())
                .redirectErrorStream(true)
                .start();
        List<String> names =
                new String(tar.getInputStream().readAllBytes()).lines().toList();
        assertThat(tar.waitFor()).as(names.toString()).isZero();
        assertThat(names.get(0)).isEqualTo("000000000.jpg");
        assertThat(names.get(1)).isEqualTo("000000000.json");
        assertThat(names).hasSize(2 * manifest.get("shards").get(0).get("rows").asInt());
    }

    @Test
    void aFailedGatePublishesNothingAndTheOldDatasetStands() throws IOException {
        SparkSession session = SparkFixture.on("local[2]");
        ShardJob.run(session, config("out"));
        byte[] before = Files.readAllBytes(folder.resolve("out/manifest.json"));
        assertThatThrownBy(() -> ShardJob.run(session, config("out", "gates.max-reject-ratio=0.1")))
                .isInstanceOf(GateException.class)
                .hasMessageContaining("20.0 %");
        assertThat(Files.readAllBytes(folder.resolve("out/manifest.json"))).isEqualTo(before);
    }

    @Test
    void everyLineOfAListIsWrittenOrRejected() throws IOException {
        Path list = corpus.resolve("list.txt");
        Files.writeString(list, "palette.gif\n../secret.jpg\n\nnone.jpg\npalette.gif\n/etc/hosts\nbaseline-420.jpg\n");
        SparkSession session = SparkFixture.on("local[2]");
        ShardResult result = ShardJob.run(session, config("out", "input.images=" + list, "gates.max-reject-ratio=1"));
        assertThat(result.ledger().of(RowKind.IMAGE).input()).isEqualTo(6);
        assertThat(result.ledger().of(RowKind.IMAGE).written()).isEqualTo(2);
        assertThat(result.ledger().reasons())
                .extracting(reason -> reason.reason().code() + " " + reason.count())
                .containsExactlyInAnyOrder("image-missing 1", "image-name-unsafe 2", "row-duplicate 1");
    }

    @ParameterizedTest
    @EnumSource(ShardFormat.class)
    void prepareWritesTheSameRowsFromShardsAsFromTheFolder(ShardFormat format) throws IOException {
        SparkSession session = SparkFixture.session();
        Path demo = Path.of("src/main/resources/io/palispark/demo");
        ShardJob.run(
                session,
                config(
                        "shards",
                        "input.images=" + demo.resolve("images"),
                        "shard.bytes=200 kB",
                        "shard.format=" + Settings.spelling(format)));
        PrepareResult result = prepare(session, demo, demo.resolve("images"), "from-folder");
        assertThat(result.ledger().of(RowKind.OBJECT).written()).isEqualTo(214);
        prepare(session, demo, folder.resolve("shards"), "from-shards");
        assertThat(files("from-shards").keySet()).isEqualTo(files("from-folder").keySet());
    }

    private PrepareResult prepare(SparkSession session, Path demo, Path images, String output) throws IOException {
        return PrepareJob.run(
                session,
                PrepareConfig.read(
                        Optional.empty(),
                        List.of(
                                "input.annotations=" + demo.resolve("annotations/instances.json"),
                                "input.images=" + images,
                                "output.report-pictures=1",
                                "output.path=" + folder.resolve(output))));
    }

    @Test
    void aFolderThatIsNoShardDatasetIsNotTakenForOne() throws IOException {
        SparkSession session = SparkFixture.on("local[1]");
        assertThat(ImageShards.open(Storage.of(session), corpus.toString(), ImageLimits.DEFAULT))
                .isEmpty();
    }

    private static byte[] read(ImageShards shards, String name) throws IOException {
        ImageSource.Found place = shards.find(name).orElseThrow();
        return ((ImageContent) place.read()).bytes();
    }

    private ImageShards open(SparkSession session, String name) throws IOException {
        return ImageShards.open(Storage.of(session), folder.resolve(name).toString(), ImageLimits.DEFAULT)
                .orElseThrow();
    }

    private JsonNode manifest(String name) throws IOException {
        return new ObjectMapper()
                .readTree(folder.resolve(name + "/manifest.json").toFile());
    }

    private TreeMap<String, byte[]> files(String name) throws IOException {
        TreeMap<String, byte[]> files = new TreeMap<>();
        try (Stream<Path> found = Files.walk(folder.resolve(name).resolve("data"))) {
            for (Path file : found.filter(Files::isRegularFile).toList()) {
                files.put(file.getFileName().toString(), Files.readAllBytes(file));
            }
        }
        return files;
    }

    private ShardConfig config(String name, String... more) {
        List<String> settings = new ArrayList<>(List.of(
                "input.images=" + corpus,
                "output.path=" + folder.resolve(name),
                "shard.bytes=10 kB",
                "gates.max-reject-ratio=0.5"));
        settings.addAll(List.of(more));
        return ShardConfig.read(Optional.empty(), settings);
    }

    private void copy(String resource, String name) throws IOException {
        Path target = corpus.resolve(name);
        Files.createDirectories(target.getParent());
        try (InputStream stream = ImageContent.class.getResourceAsStream(resource)) {
            Files.write(target, stream.readAllBytes());
        }
    }
}
