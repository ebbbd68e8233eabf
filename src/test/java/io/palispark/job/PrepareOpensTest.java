package io.palispark.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.palispark.SparkFixture;
import io.palispark.annotation.AnnotationRecord.RowKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How often prepare opens each picture, counted by the file system. */
class PrepareOpensTest {

    private static final Path DEMO =
            Path.of("src/main/resources/io/palispark/demo").toAbsolutePath();

    @TempDir
    Path folder;

    @BeforeEach
    void filesAreCounted() {
        CountedFiles.use(SparkFixture.session().sparkContext().hadoopConfiguration());
    }

    @ParameterizedTest
    @CsvSource({"true, 2", "false, 1"})
    void noPictureIsOpenedMoreThanTwice(boolean nearDuplicates, int times) throws IOException {
        PrepareResult result = prepare(
                "counted:" + DEMO + "/images", "split.near-duplicates=" + nearDuplicates, "output.report-pictures=24");

        assertThat(CountedFiles.opened(".jpg").size()
                        + CountedFiles.opened(".png").size())
                .isEqualTo((int) result.ledger().of(RowKind.IMAGE).input());
        assertThat(CountedFiles.opened(".jpg").values())
                .allMatch(opened -> opened <= 2)
                .contains(times);
        assertThat(CountedFiles.opened(".png").values()).allMatch(opened -> opened <= 2);
        assertThat(Files.readString(folder.resolve("rows/report/index.html")).split("data:image/", -1))
                .as("pictures of the report")
                .hasSizeGreaterThan(20);
    }

    @Test
    void aShardIsOpenedAtMostTwiceForEachOfItsPictures() throws IOException {
        ShardJob.run(
                SparkFixture.session(),
                ShardConfig.read(
                        Optional.empty(),
                        List.of("input.images=" + DEMO + "/images", "output.path=" + folder.resolve("shards"))));

        PrepareResult result = prepare(
                "counted:" + folder.resolve("shards"), "split.near-duplicates=true", "output.report-pictures=24");

        int opened = CountedFiles.opened(".tar").values().stream()
                .mapToInt(Integer::intValue)
                .sum();
        int pictures = (int) result.ledger().of(RowKind.IMAGE).input();
        assertThat(opened).isBetween(pictures, 2 * pictures);
    }

    @Test
    void aPictureThatIsNotDrawnIsNeverOpened() throws IOException {
        String source = "{name=few,limit=5,annotations=\"%s/annotations/instances.json\",images=\"counted:%s/images\"}"
                .formatted(DEMO, DEMO);

        run("inputs=[" + source + "]", "output.report-pictures=0");

        assertThat(CountedFiles.opened(".jpg").size()
                        + CountedFiles.opened(".png").size())
                .isEqualTo(5);
    }

    private PrepareResult prepare(String images, String... overrides) throws IOException {
        List<String> settings = new ArrayList<>(
                List.of("input.annotations=" + DEMO + "/annotations/instances.json", "input.images=" + images));
        settings.addAll(List.of(overrides));
        return run(settings.toArray(String[]::new));
    }

    private PrepareResult run(String... overrides) throws IOException {
        List<String> settings = new ArrayList<>(List.of("task=detect", "output.path=" + folder.resolve("rows")));
        settings.addAll(List.of(overrides));
        return PrepareJob.run(SparkFixture.session(), PrepareConfig.read(Optional.empty(), settings));
    }
}
