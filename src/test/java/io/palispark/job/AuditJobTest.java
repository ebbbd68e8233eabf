package io.palispark.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.palispark.SharedFolder;
import io.palispark.SparkFixture;
import io.palispark.spark.OutputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditJobTest {

    private static final String OBJECTS = """
            {"images":[{"id":1,"file_name":"a.jpg","height":200,"width":300},{"id":2,"file_name":"b.jpg"}],
             "categories":[{"id":1,"name":"mug"}],
             "annotations":[
              {"id":1,"image_id":1,"category_id":1,"bbox":[20,20,120,120],"area":14400,"iscrowd":0,
               "segmentation":[[20,20,140,20,140,140,20,140]]},
              {"id":2,"image_id":1,"category_id":1,"bbox":[200,10,80,40],"area":1600,"iscrowd":0,
               "segmentation":[[200,10,220,10,220,50,200,50],[260,10,280,10,280,50,260,50]]},
              {"id":3,"image_id":1,"category_id":1,"bbox":[0,0,10,10],"area":100,"iscrowd":1,
               "segmentation":{"size":[200,300],"counts":[0,10,59990]}},
              {"id":4,"image_id":2,"category_id":1,"bbox":[0,0,10,10],"area":100,"iscrowd":0,
               "segmentation":[[0,0,10,0,10,10,0,10]]},
              {"id":5,"image_id":9,"category_id":1,"bbox":[0,0,10,10],"area":100,"iscrowd":0,
               "segmentation":[[0,0,10,0,10,10,0,10]]},
              {"id":6,"image_id":1,"category_id":1,"bbox":[5,5,10,10],"area":100,"iscrowd":0}]}
            """;

    @TempDir
    Path folder;

    @Test
    void everyObjectIsMeasuredOrCountedWithItsReason() throws IOException {
        Path annotations = Files.writeString(folder.resolve("objects.json"), OBJECTS);

        AuditResult result = audit(annotations);

        assertThat(result.skipped())
                .containsOnly(
                        entry("annotation-orphan", 1L),
                        entry("crowd-region", 1L),
                        entry("image-size-missing", 1L),
                        entry("mask-missing", 1L));
        assertThat(group(result, "all").objects()).isEqualTo(2);
        assertThat(group(result, "large").objects()).isEqualTo(1);
        assertThat(group(result, "several parts").objects()).isEqualTo(1);
        assertThat(group(result, "large").rounded()).isGreaterThan(0.95);
        assertThat(group(result, "all").refined()).isNaN();
    }

    @Test
    void aLineAnObjectAndOneSummaryAreWritten() throws IOException {
        Path annotations = Files.writeString(folder.resolve("objects.json"), OBJECTS);

        audit(annotations, "codec.refined=true");

        List<String> lines = Files.readAllLines(folder.resolve("out/objects/part-00000.jsonl"));
        assertThat(lines).hasSize(2);
        JsonNode bars = new ObjectMapper().readTree(lines.get(1));
        assertThat(bars.path("object").asText()).isEqualTo("2");
        assertThat(bars.path("parts").asInt()).isEqualTo(2);
        assertThat(bars.path("iou_refined").asDouble())
                .isGreaterThanOrEqualTo(bars.path("iou_rounded").asDouble());
        JsonNode summary =
                new ObjectMapper().readTree(folder.resolve("out/audit.json").toFile());
        assertThat(summary.at("/weights/stand_in").asBoolean()).isTrue();
        assertThat(summary.at("/not_measured/crowd-region").asLong()).isEqualTo(1);
        assertThat(folder.resolve("out/report/index.html")).content().contains("stand-in weights");
    }

    @Test
    void anAuditOfAFolderThatAnotherOneWritesIsRefusedByName() throws IOException {
        Path annotations = Files.writeString(folder.resolve("objects.json"), OBJECTS);
        try (OutputClaim other = OutputClaimTest.held(folder.resolve("out"), "audit")) {
            assertThatThrownBy(() -> audit(annotations))
                    .isInstanceOf(OutputException.class)
                    .hasMessageContaining("Cannot write " + other.output().root() + ": the run of audit");
        }
        assertThat(folder.resolve("out")).isEmptyDirectory();
        assertThat(group(audit(annotations), "all").objects()).isEqualTo(2);
    }

    @Test
    void partsOfAnEarlierLargerAuditGo() throws IOException {
        Path annotations = Files.writeString(folder.resolve("objects.json"), OBJECTS);
        Path objects = Files.createDirectories(folder.resolve("out/objects"));
        Files.writeString(objects.resolve("part-00001.jsonl"), "{}\n");

        audit(annotations);

        assertThat(objects).isDirectoryNotContaining("glob:**part-00001*");
        assertThat(objects.resolve("part-00000.jsonl")).exists();
    }

    @Test
    @Tag("fetched")
    void theObjectsOfAHundredCocoPicturesGetTheFiguresOfTheOfficialEvaluator() throws IOException {
        Path annotations = SharedFolder.require(
                "fixtures/fetched/faster_coco_eval/tests/dataset/cocoapi/instances_val2014_100.json");

        AuditResult result = audit(annotations);

        assertThat(group(result, "all").objects()).isEqualTo(830);
        assertThat(result.skipped()).containsExactly(entry("crowd-region", 9L));
        assertThat(group(result, "all").floored()).isCloseTo(0.872619, within(0.001));
        assertThat(group(result, "small").floored()).isCloseTo(0.82884, within(0.001));
        assertThat(group(result, "all").rounded()).isCloseTo(0.923675, within(0.001));
    }

    private AuditResult audit(Path annotations, String... settings) throws IOException {
        List<String> all =
                new ArrayList<>(List.of("input.annotations=" + annotations, "output.path=" + folder.resolve("out")));
        all.addAll(List.of(settings));
        return AuditJob.run(SparkFixture.session(), AuditConfig.read(Optional.empty(), all));
    }

    private static AuditResult.Group group(AuditResult result, String name) {
        return result.groups().stream()
                .filter(group -> group.name().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
