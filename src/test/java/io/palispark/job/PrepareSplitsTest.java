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
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Splits that a dataset states, and groups that a field of it names. */
class PrepareSplitsTest {

    private static final Path PICTURES = Path.of("src/test/resources/formats/coco/images");

    @TempDir
    Path folder;

    private Path annotations;

    @BeforeEach
    void anEmptyFolderOfAnnotations() throws IOException {
        annotations = Files.createDirectory(folder.resolve("annotations"));
    }

    @Test
    void aFileForEachSplitDecidesAndIdsMayRepeat() throws IOException {
        Files.writeString(annotations.resolve("instances_train2017.json"), coco("", "000001.png", "000002.png"));
        Files.writeString(annotations.resolve("instances_val2017.json"), coco("", "000003.png"));
        Files.writeString(annotations.resolve("instances_extra.json"), coco("", "000004.png"));

        PreparedRows rows = prepare("split.ratios=[0,0,1]");

        assertThat(rows.pictures("train")).containsExactly("000001.png", "000002.png");
        assertThat(rows.pictures("validation")).containsExactly("000003.png");
        assertThat(rows.pictures("test")).containsExactly("000004.png");
        assertThat(rows.manifest().at("/splits/train/stated:train").asInt()).isEqualTo(2);
        assertThat(rows.manifest().at("/splits/validation/stated:val").asInt()).isEqualTo(1);
    }

    @Test
    void oneStatedSideIsNoSplit() throws IOException {
        Files.writeString(annotations.resolve("instances_train2017.json"), coco("", "000001.png", "000002.png"));

        assertThat(prepare("split.ratios=[0,0,1]").pictures("test")).hasSize(2);
        assertThat(prepare("split.ratios=[0,0,1]", "split.official=keep").pictures("train"))
                .hasSize(2);
    }

    @Test
    void statedSplitsCanBeIgnored() throws IOException {
        Files.writeString(annotations.resolve("train.json"), coco("", "000001.png"));
        Files.writeString(annotations.resolve("test.json"), coco("", "000002.png"));

        assertThat(prepare("split.ratios=[0,1,0]", "split.official=ignore").pictures("validation"))
                .containsExactly("000001.png", "000002.png");
    }

    @Test
    void aPictureHeldOutInOneReferringSetIsNoTrainingOfAnother() throws IOException {
        Files.writeString(annotations.resolve("finetune_refcoco_train.json"), expressions("000001.png", "000002.png"));
        Files.writeString(annotations.resolve("finetune_refcoco+_train.json"), expressions("000003.png"));
        Files.writeString(annotations.resolve("finetune_refcocog_val.json"), expressions("000001.png"));

        PreparedRows removed = prepare("prompt.rows-per=class");

        assertThat(removed.pictures("train")).containsExactly("000002.png", "000003.png");
        assertThat(removed.pictures("validation")).containsExactly("000001.png");
        assertThat(reasons(removed)).contains("image split-contaminated reject-image 1");

        PreparedRows reported = prepare("prompt.rows-per=class", "split.contamination=report");

        assertThat(reported.pictures("train")).containsExactly("000001.png", "000002.png", "000003.png");
        assertThat(reasons(reported)).contains("image split-contaminated warn 1");
    }

    @Test
    void contaminationIsSeenAcrossTheSourcesOfAMixture() throws IOException {
        Files.writeString(annotations.resolve("finetune_refcoco_train.json"), expressions("000001.png", "000002.png"));
        Files.writeString(annotations.resolve("finetune_refcocog_test.json"), expressions("000002.png"));
        String source = "{name=%s,annotations=\"" + annotations + "/finetune_%s.json\",images=\"" + PICTURES + "\"}";

        PreparedRows rows = run(
                "task=detect",
                "inputs=[" + source.formatted("refcoco", "refcoco_train") + ","
                        + source.formatted("refcocog", "refcocog_test") + "]");

        assertThat(rows.pictures("train")).containsExactly("000001.png");
        assertThat(rows.pictures("test")).containsExactly("000002.png");
        assertThat(rows.manifest().at("/sources/0/reasons").toString()).contains("split-contaminated");
    }

    @Test
    void picturesOfOneVideoStayTogether() throws IOException {
        for (int picture = 1; picture <= 6; picture++) {
            Files.writeString(
                    annotations.resolve("video" + picture % 2 + "_" + picture + ".json"),
                    coco("video " + picture % 2, "00000" + picture + ".png"));
        }

        PreparedRows rows =
                prepare("split.ratios=[0.5,0.5,0]", "split.group-by=column", "split.column=clip", "split.seed=1");

        for (String split : List.of("train", "validation")) {
            for (JsonNode meta : rows.meta(split)) {
                int picture = meta.get("image").asText().charAt(5) - '0';
                assertThat(meta.get("group").asText()).isEqualTo("video " + picture % 2);
            }
        }
        List<String> together = new ArrayList<>(List.of("000001.png", "000003.png", "000005.png"));
        assertThat(List.of(rows.pictures("train"), rows.pictures("validation")))
                .anyMatch(side -> side.containsAll(together));
    }

    @Test
    void aPictureWithoutTheColumnIsCounted() throws IOException {
        Files.writeString(annotations.resolve("a.json"), coco("", "000001.png", "000002.png"));

        assertThat(reasons(prepare("split.group-by=column", "split.column=clip")))
                .contains("image split-group-missing warn 2");
        assertThatThrownBy(() -> prepare("split.group-by=column"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("split.column: required when split.group-by = column");
    }

    private PreparedRows prepare(String... overrides) throws IOException {
        List<String> settings =
                new ArrayList<>(List.of("task=detect", "input.annotations=" + annotations, "input.images=" + PICTURES));
        settings.addAll(List.of(overrides));
        return run(settings.toArray(String[]::new));
    }

    private PreparedRows run(String... overrides) throws IOException {
        Path output = folder.resolve("rows");
        List<String> settings = new ArrayList<>(List.of(
                "split.near-duplicates=false",
                "gates.max-reject-ratio=0",
                "output.report-pictures=0",
                "output.path=" + output));
        settings.addAll(List.of(overrides));
        PrepareResult result = PrepareJob.run(SparkFixture.session(), PrepareConfig.read(Optional.empty(), settings));
        Ledger.Tally images = result.ledger().of(RowKind.IMAGE);
        assertThat(images.addsUp()).isTrue();
        return new PreparedRows(output);
    }

    private static List<String> reasons(PreparedRows rows) throws IOException {
        List<String> reasons = new ArrayList<>();
        for (JsonNode reason : rows.manifest().get("reasons")) {
            reasons.add(String.join(
                    " ",
                    reason.get("record").asText(),
                    reason.get("reason").asText(),
                    reason.get("outcome").asText(),
                    reason.get("count").asText()));
        }
        return reasons;
    }

    /** A document that counts its pictures from 1, each with one cat. */
    private static String coco(String clip, String... pictures) {
        List<String> images = new ArrayList<>();
        List<String> objects = new ArrayList<>();
        for (String picture : pictures) {
            int id = images.size() + 1;
            String group = clip.isEmpty() ? "" : ",\"clip\":\"" + clip + "\"";
            images.add("{\"id\":%d,\"file_name\":\"%s\"%s}".formatted(id, picture, group));
            objects.add("{\"id\":%d,\"image_id\":%d,\"category_id\":1,\"bbox\":[1,2,30,40],\"area\":1200,\"iscrowd\":0}"
                    .formatted(id, id));
        }
        return "{\"images\":%s,\"annotations\":%s,\"categories\":[{\"id\":1,\"name\":\"cat\"}]}"
                .formatted(images, objects);
    }

    private static String expressions(String... pictures) {
        List<String> images = new ArrayList<>();
        List<String> objects = new ArrayList<>();
        for (String picture : pictures) {
            int id = images.size() + 1;
            images.add("""
                    {"id":%d,"file_name":"%s","original_id":%s,"caption":"the left one","dataset_name":"x","tokens_negative":[[0,12]]}""".formatted(id, picture, picture.charAt(5)));
            objects.add("""
                    {"id":%d,"image_id":%d,"original_id":%d,"category_id":1,"bbox":[10,20,50,60],"area":3000,"iscrowd":0,"tokens_positive":[[0,12]]}""".formatted(id, id, id));
        }
        return "{\"images\":%s,\"annotations\":%s,\"categories\":[{\"id\":1,\"name\":\"object\"}]}"
                .formatted(images, objects);
    }
}
