package io.palispark.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.palispark.SharedFolder;
import io.palispark.geometry.Box;
import io.palispark.geometry.ImageSize;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The strings of supervision's own test and what {@code from_paligemma} makes of them. Where supervision finds an
 * object we find the same box, except for {@code <loc1024>}, which we read as bin 1023. Labels it cuts we keep whole.
 */
@Tag("fetched")
class SupervisionCasesTest {

    private static final BoxQuantizer DEMO =
            new BoxQuantizer(Convention.BIG_VISION.with(Map.of("bins", "1024")).orElseThrow());

    @Test
    void theBoxesThatSupervisionFindsAreFound() throws IOException {
        int compared = 0;
        for (JsonNode item : cases()) {
            String text = item.get("text").asText();
            if (item.path("boxes_xyxy").isEmpty() || text.contains("<loc1024>")) {
                continue;
            }
            ImageSize image =
                    new ImageSize(item.get("height").asInt(), item.get("width").asInt());
            List<SuffixObject> objects = SuffixParser.parse(text).objects();
            assertThat(objects).as(text).hasSize(item.get("boxes_xyxy").size());
            for (int i = 0; i < objects.size(); i++) {
                compare(objects.get(i), image, item.get("boxes_xyxy").get(i));
                assertThat(objects.get(i).label())
                        .as(text)
                        .startsWith(item.get("labels").get(i).asText());
            }
            compared++;
        }
        assertThat(compared).isEqualTo(36);
    }

    @Test
    void whereSupervisionIsSilentOurReadingIsNamed() throws IOException {
        Map<String, String> readings = new TreeMap<>();
        for (JsonNode item : cases()) {
            String text = item.get("text").asText();
            if (item.has("boxes_xyxy") && item.get("boxes_xyxy").isEmpty()) {
                ParsedSuffix parsed = SuffixParser.parse(text);
                readings.put(
                        text,
                        parsed.objects().stream().map(SuffixObject::label).toList() + " "
                                + parsed.defects().stream()
                                        .map(SuffixDefect::code)
                                        .toList());
            }
        }
        String box = "<loc0256><loc0256><loc0768><loc0768>";
        assertThat(readings)
                .hasSize(11)
                .containsEntry("", "[] []")
                .containsEntry("\n", "[] []")
                .containsEntry("the quick brown fox jumps over the lazy dog.", "[] [stray-text]")
                .containsEntry("<loc0256><loc0768><loc0768> cat", "[] [locations-missing]")
                .containsEntry(box + "<loc0768> cat", "[] [locations-extra]")
                .containsEntry(box, "[] []")
                .containsEntry(box + " catt", "[catt] []")
                .containsEntry(box + "cat", "[cat] []")
                .containsEntry(box + " Cat", "[Cat] []")
                .containsEntry("<loc256><loc256><loc768><loc768> cat", "[] [location-malformed]");
    }

    private static void compare(SuffixObject object, ImageSize image, JsonNode edges) {
        Box box = DEMO.box(object.box(), image);
        assertThat(new double[] {box.x(), box.y(), box.right(), box.bottom()})
                .containsExactly(
                        new double[] {
                            edges.get(0).asDouble(),
                            edges.get(1).asDouble(),
                            edges.get(2).asDouble(),
                            edges.get(3).asDouble()
                        },
                        within(1e-9));
    }

    private static List<JsonNode> cases() throws IOException {
        List<JsonNode> cases = new ArrayList<>();
        new ObjectMapper()
                .readTree(SharedFolder.require("fixtures/fetched/supervision/paligemma-cases.json")
                        .toFile())
                .get("cases")
                .forEach(cases::add);
        return cases;
    }
}
