package io.palispark.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.palispark.SparkFixture;
import io.palispark.annotation.AnnotationRecord.RowKind;
import io.palispark.dataset.Ledger;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The shapes fixture in two formats, and the demo corpus, in one dataset. */
class PrepareMixtureTest {

    private static final Path FORMATS = Path.of("src/test/resources/formats").toAbsolutePath();
    private static final Path DEMO =
            Path.of("src/main/resources/io/palispark/demo").toAbsolutePath();
    private static final String COCO =
            "name=coco,annotations=\"%s/coco/annotations\",images=\"%s/coco/images\"".formatted(FORMATS, FORMATS);
    private static final String VOC =
            "name=voc,annotations=\"%s/voc/VOC2012\",images=\"%s/voc/VOC2012/JPEGImages\"".formatted(FORMATS, FORMATS);
    private static final String SCENES =
            "name=scenes,annotations=\"%s/annotations/instances.json\",images=\"%s/images\"".formatted(DEMO, DEMO);

    @TempDir
    Path folder;

    @Test
    void everySourceHasItsTaskAndItsAccount() throws IOException {
        PreparedRows rows = prepare(List.of(COCO + ",task=detect", VOC + ",task=segment"), "split.ratios=[1,0,0]");

        Map<String, TreeSet<String>> tasks = new TreeMap<>();
        for (JsonNode meta : rows.meta("train")) {
            tasks.computeIfAbsent(meta.get("source").asText(), absent -> new TreeSet<>())
                    .add(meta.get("task").asText());
            assertThat(meta.get("repeat").asInt()).isZero();
        }
        assertThat(tasks.get("coco")).containsExactly("detect");
        assertThat(tasks.get("voc")).containsExactly("segment");
        assertThat(rows.manifest().get("images").asText()).endsWith("/formats");
        assertThat(rows.pictures("train")).contains("coco/images/000001.png");
        JsonNode sources = rows.manifest().get("sources");
        long input = 0;
        for (JsonNode source : sources) {
            JsonNode images = source.at("/counts/image");
            assertThat(images.get("input").asLong())
                    .isEqualTo(images.get("written").asLong()
                            + images.get("rejected").asLong()
                            + images.get("not_drawn").asLong());
            input += images.get("input").asLong();
        }
        assertThat(sources).hasSize(2);
        assertThat(Files.readString(folder.resolve("rows/report/index.html"))).contains("<td>coco</td>", "not drawn");
        assertThat(rows.manifest().at("/counts/image/input").asLong()).isEqualTo(input);
    }

    @Test
    void twoRunsGiveTheSameBytes() throws IOException {
        List<String> sources = List.of(SCENES + ",weight=2.5,per-class=20", COCO + ",weight=0.5", VOC + ",limit=3");
        String[] settings = {"output.shard-bytes=20000", "split.near-duplicates=true"};

        PreparedRows first = prepare(sources, settings);
        PreparedRows again = prepare(folder.resolve("again"), sources, settings);

        assertThat(first.manifest().get("shards")).hasSizeGreaterThan(10);
        assertThat(again.manifest().get("shards")).isEqualTo(first.manifest().get("shards"));
    }

    @Test
    void aWeightAboveOneRepeatsRowsOfTrainingAlone() throws IOException {
        PreparedRows rows = prepare(List.of(SCENES + ",weight=2.5"), "split.ratios=[0.5,0.5,0]");

        Map<String, Integer> written = new HashMap<>();
        int repeats = 0;
        for (JsonNode meta : rows.meta("train")) {
            written.merge(meta.get("image").asText(), 1, Integer::sum);
            repeats += meta.get("repeat").asInt() > 0 ? 1 : 0;
        }
        assertThat(written.values()).containsOnly(2, 3);
        assertThat(rows.meta("validation"))
                .extracting(meta -> meta.get("repeat").asInt())
                .containsOnly(0);
        JsonNode source = rows.manifest().at("/sources/0");
        assertThat(source.get("repeated_rows").asInt()).isEqualTo(repeats).isPositive();
        assertThat(source.at("/rows/train").asInt())
                .isEqualTo(rows.meta("train").size());
    }

    @Test
    void aLimitDrawsSoManyPicturesAndCountsTheRest() throws IOException {
        PreparedRows rows = prepare(List.of(SCENES + ",limit=17", COCO + ",weight=0.5"), "split.ratios=[1,0,0]");

        JsonNode scenes = rows.manifest().at("/sources/0/counts/image");
        assertThat(scenes.get("written").asInt() + scenes.get("rejected").asInt())
                .isEqualTo(17);
        assertThat(scenes.get("not_drawn").asInt())
                .isEqualTo(scenes.get("input").asInt() - 17);
        JsonNode coco = rows.manifest().at("/sources/1/counts/image");
        assertThat(coco.get("not_drawn").asInt()).isBetween(1, 5);
        assertThat(reasons(rows)).containsKey("image record-not-drawn reject-image");
    }

    @Test
    void aClassIsAskedForOnSoManyPicturesAndOnNoOther() throws IOException {
        PreparedRows rows = prepare(List.of(SCENES + ",per-class=5"), "split.ratios=[1,0,0]", "prompt.negatives=1");

        Map<String, TreeSet<String>> picturesByClass = new TreeMap<>();
        for (JsonNode row : rows.of("train")) {
            for (String label :
                    row.get("suffix").asText().replaceAll("<[^>]*>", "").split(";")) {
                // a picture without objects asks for what is not there
                picturesByClass
                        .computeIfAbsent(label.isBlank() ? "none" : label.strip(), absent -> new TreeSet<>())
                        .add(row.get("image").asText());
            }
        }
        picturesByClass.remove("none");
        assertThat(picturesByClass).hasSize(8);
        picturesByClass.forEach(
                (label, pictures) -> assertThat(pictures).as(label).hasSizeLessThanOrEqualTo(5));
        assertThat(reasons(rows).get("object record-not-drawn reject-object")).isPositive();
    }

    @Test
    void problemsOfTheEntriesAreNamedTogether() {
        assertThatThrownBy(() -> prepare(
                        List.of("name=a,annotations=x,images=y,colour=red", "name=a,annotations=x,weight=0"),
                        "input.images=here"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("inputs[0].colour: unknown key")
                .hasMessageContaining("inputs[1].name: 'a' is blank or the name of another source")
                .hasMessageContaining("inputs[1].images: required")
                .hasMessageContaining("inputs[1].weight: 0 draws nothing")
                .hasMessageContaining("input.images: give it in every entry of inputs");
    }

    private PreparedRows prepare(List<String> sources, String... overrides) throws IOException {
        return prepare(folder.resolve("rows"), sources, overrides);
    }

    private static PreparedRows prepare(Path output, List<String> sources, String... overrides) throws IOException {
        List<String> settings = new ArrayList<>(List.of(
                "inputs=[{" + String.join("},{", sources) + "}]",
                "task=detect",
                "split.near-duplicates=false",
                "split.official=ignore",
                "output.report-pictures=2",
                "output.path=" + output));
        settings.addAll(List.of(overrides));
        PrepareResult result = PrepareJob.run(SparkFixture.session(), PrepareConfig.read(Optional.empty(), settings));
        for (RowKind kind : RowKind.values()) {
            Ledger.Tally tally = result.ledger().of(kind);
            assertThat(tally.addsUp()).isTrue();
        }
        return new PreparedRows(output);
    }

    private static Map<String, Integer> reasons(PreparedRows rows) throws IOException {
        Map<String, Integer> reasons = new TreeMap<>();
        for (JsonNode reason : rows.manifest().get("reasons")) {
            reasons.put(
                    String.join(
                            " ",
                            reason.get("record").asText(),
                            reason.get("reason").asText(),
                            reason.get("outcome").asText()),
                    reason.get("count").asInt());
        }
        return reasons;
    }
}
