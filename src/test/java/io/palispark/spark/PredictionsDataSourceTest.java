package io.palispark.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.palispark.SparkFixture;
import io.palispark.job.DecodeConfig;
import io.palispark.job.DecodeJob;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PredictionsDataSourceTest {

    private static final String BOX = "<loc0100><loc0200><loc0900><loc0800>";
    private static final String CODES = "<seg034><seg101><seg100><seg008><seg117><seg116><seg022><seg057>"
            + "<seg102><seg028><seg028><seg022><seg118><seg064><seg026><seg006>";

    @TempDir
    Path folder;

    @BeforeEach
    void decodeThreeAnswers() throws IOException {
        decode("output.masks=rle");
    }

    private void decode(String setting) throws IOException {
        Path answers = Files.writeString(
                folder.resolve("answers.jsonl"),
                "{\"image\":\"a.jpg\",\"prefix\":\"segment mug\",\"text\":\"" + BOX + CODES
                        + " mug <loc0001>\",\"width\":320,\"height\":240}\n"
                        + "{\"image\":\"b.jpg\",\"prefix\":\"detect cup\",\"text\":\"" + BOX
                        + " cup\",\"width\":320,\"height\":240}\n"
                        + "{\"image\":\"c.jpg\",\"prefix\":\"detect mug\",\"text\":\"" + BOX + " mug\"}\n");
        DecodeJob.run(
                SparkFixture.session(),
                DecodeConfig.read(
                        Optional.empty(),
                        List.of(
                                setting,
                                "input.path=" + answers,
                                "output.path=" + folder.resolve("predictions"),
                                "gates.max-reject-ratio=1")));
    }

    private Dataset<Row> read() {
        return SparkFixture.session()
                .read()
                .format("palispark-predictions")
                .load(folder.resolve("predictions").toString());
    }

    @Test
    void everyLineIsARowWithBoxesMasksAndDefects() {
        List<Row> rows = read().orderBy("image")
                .selectExpr(
                        "status",
                        "get(objects, 0).label AS label",
                        "rle_area(get(objects, 0).segmentation) AS area",
                        "size(defects) AS defects",
                        "error.code AS error",
                        "reject")
                .collectAsList();

        assertThat(rows).hasSize(3);
        assertThat(rows.get(0).getString(1)).isEqualTo("mug");
        assertThat(rows.get(0).getLong(2)).isPositive();
        assertThat(rows.get(0).getInt(3)).isEqualTo(1);
        assertThat(rows.get(1).getString(0)).isEqualTo("ok");
        assertThat(rows.get(1).isNullAt(2)).isTrue();
        assertThat(rows.get(2).getString(0)).isEqualTo("error");
        assertThat(rows.get(2).getString(4)).isEqualTo("image-size-missing");
        assertThat(rows).allMatch(row -> row.isNullAt(5));
    }

    @Test
    void aLineBeyondTheLimitIsRejected() {
        Dataset<Row> limited = SparkFixture.session()
                .read()
                .format("palispark-predictions")
                .option("line-bytes", "400 B")
                .load(folder.resolve("predictions").toString());

        assertThat(limited.where("reject = 'syntax-invalid' AND detail LIKE '%line-bytes = 400'")
                        .count())
                .isPositive();
        assertThat(limited.count()).isEqualTo(3);
    }

    @Test
    void aQueryOfOneColumnSeesAllLines() {
        assertThat(read().select("image").orderBy("image").as(Encoders.STRING()).collectAsList())
                .containsExactly("a.jpg", "b.jpg", "c.jpg");
    }

    @Test
    void masksWrittenAsPolygonsAreTheSameRunLengths() throws IOException {
        List<String> masks = read().selectExpr("to_json(objects.segmentation)")
                .as(Encoders.STRING())
                .collectAsList();

        decode("output.masks=polygons");

        assertThat(masks).anyMatch(mask -> mask.contains("counts"));
        assertThat(read().selectExpr("to_json(objects.segmentation)")
                        .as(Encoders.STRING())
                        .collectAsList())
                .isEqualTo(masks);
    }

    @Test
    void aLineThatIsDamagedIsARejectAndALineThatIsMissingAnError() throws IOException {
        Path shard;
        try (Stream<Path> files = Files.list(folder.resolve("predictions/data"))) {
            shard = files.filter(file -> file.toString().endsWith(".jsonl"))
                    .findFirst()
                    .orElseThrow();
        }
        List<String> lines = Files.readAllLines(shard);
        Files.write(shard, List.of("{\"image\":7}", lines.get(1), lines.get(2).substring(0, 40)));

        List<Row> rejected =
                read().where("reject IS NOT NULL").select("reject", "detail").collectAsList();

        assertThat(rejected).hasSize(2).allMatch(row -> row.getString(0).equals("syntax-invalid"));
        assertThat(rejected.get(0).getString(1)).contains("line 1", "image is 7");
        assertThat(read().where("reject IS NULL").count()).isEqualTo(1);

        Files.write(shard, lines.subList(0, 2));

        assertThatThrownBy(() -> read().collectAsList()).hasStackTraceContaining("2 lines where its manifest says 3");
    }

    @Test
    void aFolderWithoutManifestOrOfAnotherKindIsRefused() throws IOException {
        Path manifest = folder.resolve("predictions/manifest.json");
        Files.writeString(
                manifest,
                Files.readString(manifest).replaceFirst("\"kind\" : \"predictions\"", "\"kind\" : \"prepared\""));
        assertThatThrownBy(() -> read().count()).hasStackTraceContaining("of kind 'prepared'");

        Files.delete(manifest);
        assertThatThrownBy(() -> read().count()).hasStackTraceContaining("nothing is published there");
    }
}
