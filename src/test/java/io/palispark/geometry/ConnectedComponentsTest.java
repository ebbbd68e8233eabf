package io.palispark.geometry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.palispark.geometry.ConnectedComponents.Component;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConnectedComponentsTest {

    @Test
    void componentsAreThoseOfSciPy() {
        assertThat(GoldenLines.ofResource("components.jsonl", ConnectedComponentsTest::check))
                .isEqualTo(20);
    }

    @Test
    void allThreeHundredRastersHaveTheComponentsOfSciPy() {
        assertThat(GoldenLines.ofSharedFolder("fixtures/masks/components.jsonl.gz", ConnectedComponentsTest::check))
                .isEqualTo(300);
    }

    private static void check(JsonNode golden) {
        check(golden, Connectivity.FOUR, golden.get("four"));
        check(golden, Connectivity.EIGHT, golden.get("eight"));
    }

    private static void check(JsonNode golden, Connectivity connectivity, JsonNode expected) {
        ImageSize size = GoldenLines.size(golden);
        int ignore = golden.get("ignore").intValue();
        byte[] raster = raster(golden.get("rows"));
        List<Component> components =
                ConnectedComponents.of(size, raster, value -> value == 0 || value == ignore, connectivity);
        assertThat(components).as("case %s", golden.get("id")).hasSize(expected.size());
        for (int i = 0; i < components.size(); i++) {
            Component component = components.get(i);
            JsonNode wanted = expected.get(i);
            assertThat(component.value()).isEqualTo(wanted.get("value").intValue());
            assertThat(component.mask().counts()).isEqualTo(wanted.get("counts").textValue());
            assertThat(component.mask().area()).isEqualTo(wanted.get("area").longValue());
            assertThat(component.mask().bounds()).isEqualTo(GoldenLines.box(wanted.get("bbox")));
        }
    }

    private static byte[] raster(JsonNode rows) {
        int width = rows.get(0).textValue().length();
        byte[] raster = new byte[rows.size() * width];
        for (int i = 0; i < raster.length; i++) {
            char digit = rows.get(i / width).textValue().charAt(i % width);
            raster[i] = (byte) (digit == 'x' ? 255 : digit - '0');
        }
        return raster;
    }

    @Test
    void touchingCornersJoinOnlyWhereTheyCount() {
        ImageSize size = new ImageSize(2, 4);
        int[] raster = {7, 7, 900, 900, 900, 900, 7, 7};

        assertThat(ConnectedComponents.of(size, raster, value -> false, Connectivity.FOUR))
                .extracting(Component::value)
                .containsExactly(7, 900, 900, 7);
        assertThat(ConnectedComponents.of(size, raster, value -> false, Connectivity.EIGHT))
                .extracting(Component::value)
                .containsExactly(7, 900);
    }

    @Test
    void aRasterOfAnotherSizeIsRefused() {
        assertThatThrownBy(() ->
                        ConnectedComponents.of(new ImageSize(2, 2), new int[3], value -> value == 0, Connectivity.FOUR))
                .hasMessage("Cannot find components of a 2x2 raster: it has 3 values");
    }
}
