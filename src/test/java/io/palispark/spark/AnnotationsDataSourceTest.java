package io.palispark.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.palispark.SparkFixture;
import io.palispark.job.PrepareConfig;
import io.palispark.job.PrepareJob;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AnnotationsDataSourceTest {

    private static final Path DEMO = Path.of("src/main/resources/io/palispark/demo");
    private static final Path INSTANCES = DEMO.resolve("annotations/instances.json");
    private static final Path FORMATS = Path.of("src/test/resources/formats");

    @TempDir
    Path folder;

    private static Dataset<Row> read(Map<String, String> options, Path... paths) {
        String[] names = List.of(paths).stream().map(Path::toString).toArray(String[]::new);
        return SparkFixture.session()
                .read()
                .format("palispark-annotations")
                .options(options)
                .load(names);
    }

    @Test
    void everyRecordOfTheDemoCorpusIsARow() {
        Map<String, Long> rows =
                read(Map.of(), DEMO.resolve("annotations")).groupBy("kind").count().collectAsList().stream()
                        .collect(Collectors.toMap(row -> row.getString(0), row -> row.getLong(1)));

        assertThat(rows)
                .containsEntry("object", 215L)
                .containsEntry("caption", 192L)
                .containsEntry("question", 286L);
    }

    @Test
    void objectsEncodedInSqlAreThoseThatPrepareWrites() throws IOException {
        Path images = DEMO.resolve("images");
        PrepareJob.run(
                SparkFixture.session(),
                PrepareConfig.read(
                        Optional.empty(),
                        List.of(
                                "input.annotations=" + INSTANCES,
                                "input.images=" + images,
                                "split.near-duplicates=false",
                                "output.path=" + folder.resolve("rows"))));
        List<String> prepared = SparkFixture.session()
                .read()
                .json(folder.resolve("rows/data") + "/*[0-9a-f].jsonl")
                .selectExpr("explode(split(suffix, ' ; ')) AS object")
                .collectAsList()
                .stream()
                .map(row -> row.getString(0))
                .toList();

        List<String> encoded = read(Map.of("format", "coco", "images", images.toString()), INSTANCES)
                .where("kind = 'object' AND reject IS NULL AND NOT crowd")
                .selectExpr("paligemma_encode(label, bbox, segmentation, height, width) AS object")
                .collectAsList()
                .stream()
                .map(row -> row.getString(0))
                .toList();

        assertThat(prepared).hasSize(214);
        assertThat(encoded).containsExactlyInAnyOrderElementsOf(prepared);
    }

    @Test
    void whatIsWrongWithAFileAnImageOrAnObjectIsAValue() throws IOException {
        Path defects = FORMATS.resolve("coco/defects");
        JsonNode cases = new ObjectMapper()
                .readTree(defects.resolve("cases.json").toFile())
                .get("cases");
        Path[] files = new Path[cases.size()];
        for (int i = 0; i < files.length; i++) {
            files[i] = defects.resolve(cases.get(i).get("file").asText());
        }
        Map<String, List<Row>> rows = read(
                        Map.of(
                                "format",
                                "coco",
                                "images",
                                FORMATS.resolve("coco/images").toString()),
                        files)
                .collectAsList()
                .stream()
                .collect(Collectors.groupingBy(row -> row.getAs("source")));

        for (JsonNode one : cases) {
            List<Row> ofFile = rows.getOrDefault(one.get("file").asText(), List.of());
            String code = one.get("code").asText();
            boolean rejects = one.get("outcome").asText().startsWith("reject");
            assertThat(ofFile)
                    .as(one.toString())
                    .anyMatch(row -> rejects
                            ? code.equals(row.getAs("reject"))
                            : row.<Row>getList(row.fieldIndex("warnings")).stream()
                                    .anyMatch(warning -> warning.getString(0).equals(code)));
            assertThat(ofFile)
                    .as(one.toString())
                    .filteredOn(row -> row.getAs("kind").equals("object") && row.getAs("reject") == null)
                    .hasSize(one.get("kept").asInt());
        }
    }

    @Test
    void objectsOfTurnedPicturesStandUpright() throws IOException {
        JsonNode expected = new ObjectMapper()
                .readTree(FORMATS.resolve("exif/expected.json").toFile());

        Map<String, List<Double>> boxes = read(
                        Map.of("images", FORMATS.resolve("exif/images").toString()),
                        FORMATS.resolve("exif/coco-stored.json"))
                .where("kind = 'object'")
                .collectAsList()
                .stream()
                .collect(Collectors.toMap(row -> row.getAs("image"), row -> row.getList(row.fieldIndex("bbox"))));

        assertThat(boxes).hasSize(expected.get("images").size());
        for (JsonNode picture : expected.get("images")) {
            List<Double> upright = new ObjectMapper().convertValue(picture.get("upright_bbox"), Doubles.class);
            assertThat(boxes.get(picture.get("image").asText())).isEqualTo(upright);
        }
    }

    private static final class Doubles extends java.util.ArrayList<Double> {
        private static final long serialVersionUID = 1L;
    }

    @Test
    void imagesMayStandBehindTheirObjects() throws IOException {
        Path file = Files.writeString(folder.resolve("sorted.json"), """
                {"annotations":[{"id":1,"image_id":7,"category_id":1,"bbox":[1,2,3,4],"area":12,"iscrowd":0},
                                {"id":2,"image_id":8,"category_id":1,"bbox":[1,2,3,4],"area":12,"iscrowd":0}],
                 "categories":[{"id":1,"name":"cat"}],
                 "images":[{"id":7,"file_name":"a.jpg","height":10,"width":20},
                           {"id":8,"file_name":"b.jpg","height":100000,"width":100000}]}""");

        List<Row> objects = read(Map.of(), file)
                .where("kind = 'object'")
                .orderBy("sequence")
                .collectAsList();

        assertThat(objects.get(0).<String>getAs("image")).isEqualTo("a.jpg");
        assertThat(objects.get(0).<Integer>getAs("width")).isEqualTo(20);
        assertThat(objects.get(1).<String>getAs("reject")).isEqualTo("image-too-large");
    }

    @Test
    void sqlNamesTheSourceAndPlansShowWhatIsRead() {
        SparkFixture.session()
                .sql("CREATE OR REPLACE TEMPORARY VIEW demo USING `palispark-annotations` OPTIONS (path '" + INSTANCES
                        + "')");
        Dataset<Row> query = SparkFixture.session().sql("SELECT count(*) FROM demo WHERE kind = 'object'");

        assertThat(query.queryExecution()
                        .explainString(org.apache.spark.sql.execution.ExplainMode.fromString("simple")))
                .contains("BatchScan palispark-annotations", "auto " + INSTANCES);
        assertThat(query.head().getLong(0)).isEqualTo(215);
    }

    @Test
    void columnsThatAQueryDoesNotUseAreNotRead() {
        Dataset<Row> labels = read(Map.of(), INSTANCES).where("kind = 'object'").select("label");

        assertThat(labels.queryExecution().executedPlan().toString())
                .contains("BatchScan palispark-annotations[kind#", "label#")
                .doesNotContain("segmentation#", "bbox#");
        assertThat(labels.where("label IS NOT NULL").count()).isEqualTo(215);
        assertThat(read(Map.of(), INSTANCES).count())
                .isEqualTo(read(Map.of(), INSTANCES).collectAsList().size());
    }

    @Test
    void limitsAreThoseOfTheConfigurationFile() throws IOException {
        Path file = Files.writeString(folder.resolve("limits.json"), """
                {"images":[{"id":1,"file_name":"a.jpg","height":100,"width":100}],
                 "categories":[{"id":1,"name":"cat"}],
                 "annotations":[{"id":1,"image_id":1,"category_id":1,"bbox":[1,2,3,4],"area":12,"iscrowd":0,
                                 "segmentation":[[1,2,4,2,4,6,1,6]]}]}""");
        String mask = "kind = 'object' AND segmentation IS NOT NULL";
        assertThat(read(Map.of(), file).where(mask).count()).isOne();
        assertThat(read(Map.of("polygon-vertices", "3"), file).where(mask).count())
                .isZero();
        assertThat(read(Map.of("image-pixels", "9999"), file)
                        .where("reject = 'image-too-large'")
                        .count())
                .isPositive();
        assertThatThrownBy(() -> read(Map.of("image-bytes", "many"), file))
                .hasMessageContaining("image-bytes is 'many'");
        assertThatThrownBy(() -> read(Map.of("text-length", "0"), file)).hasMessageContaining("text-length is '0'");
    }

    @Test
    void optionsThatMeanNothingAreRefused() {
        assertThatThrownBy(() -> read(Map.of("image", "pictures"), DEMO))
                .hasMessageContaining("option image")
                .hasMessageContaining("images");
        assertThatThrownBy(() -> read(Map.of("format", "cocoa"), DEMO)).hasMessageContaining("'cocoa'");
        assertThatThrownBy(() -> read(Map.of("exif-policy", "sideways"), DEMO)).hasMessageContaining("'sideways'");
        assertThatThrownBy(() -> read(Map.of()).count()).hasMessageContaining("path");
        assertThatThrownBy(() -> read(Map.of(), folder.resolve("nowhere")).count())
                .hasMessageContaining("nowhere");
    }
}
