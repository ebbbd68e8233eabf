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
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The shapes fixture, 5 classes on 6 pictures, by other names. */
class PrepareLabelsTest {

    private static final Path SHAPES = Path.of("src/test/resources/formats/coco");

    @TempDir
    Path folder;

    @Test
    void classesAreRenamedMergedAndDroppedAndCounted() throws IOException {
        PrepareResult result =
                prepare(List.of("cat,animal", "dog,animal", "person,", "unicorn,horse"), "prompt.classes=all");

        PreparedRows rows = new PreparedRows(folder.resolve("rows"));
        TreeSet<String> prompts = new TreeSet<>();
        for (JsonNode row : rows.of("train")) {
            prompts.add(row.get("prefix").asText());
        }
        assertThat(prompts).allMatch(prompt -> prompt.contains("animal"));
        assertThat(prompts).noneMatch(prompt -> prompt.matches(".*(cat|dog|person|horse).*"));
        Ledger.Tally objects = result.ledger().of(RowKind.OBJECT);
        assertThat(objects.addsUp()).isTrue();
        JsonNode labels = rows.manifest().get("labels");
        long dropped = 0;
        for (JsonNode label : labels) {
            if (label.get("label").asText().equals("unicorn")) {
                assertThat(label.get("objects").asLong()).isZero();
            } else {
                assertThat(label.get("objects").asLong()).isPositive();
            }
            dropped += label.get("becomes").asText().isEmpty()
                    ? label.get("objects").asLong()
                    : 0;
        }
        assertThat(objects.rejected()).isEqualTo(dropped).isPositive();
        assertThat(objects.rejectedByPolicy()).isEqualTo(dropped);
    }

    @Test
    void keptClassesAreThoseOfTheMap() throws IOException {
        prepare(List.of("cat,animal", "dog,animal"), "labels.keep=animal");

        for (JsonNode row : new PreparedRows(folder.resolve("rows")).of("train")) {
            assertThat(row.get("prefix").asText()).isEqualTo("detect animal");
        }
    }

    @Test
    void aMapThatCannotBeUsedStopsTheJobBeforeItStarts() {
        assertThatThrownBy(() -> prepare(List.of("cat,animal", "cat,pet")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("line 3: 'cat' has a line before");
    }

    private PrepareResult prepare(List<String> map, String... overrides) throws IOException {
        List<String> lines = new ArrayList<>(List.of("label,becomes"));
        lines.addAll(map);
        Path file = Files.write(folder.resolve("labels.csv"), lines);
        List<String> settings = new ArrayList<>(List.of(
                "task=detect",
                "input.annotations=" + SHAPES.resolve("annotations"),
                "input.images=" + SHAPES.resolve("images"),
                "labels.map=" + file,
                "split.ratios=[1,0,0]",
                "split.near-duplicates=false",
                "output.report-pictures=0",
                "output.path=" + folder.resolve("rows")));
        settings.addAll(List.of(overrides));
        return PrepareJob.run(SparkFixture.session(), PrepareConfig.read(Optional.empty(), settings));
    }
}
