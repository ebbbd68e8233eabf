package io.palispark.geometry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ContoursTest {

    @Test
    void aBlockIsItsFourCornersClockwiseFromTheUpperLeft() {
        assertThat(Contours.of(mask(".....", ".##..", ".##.."))).containsExactly(polygon(3, 1, 3, 3, 1, 3, 1, 1));
    }

    @Test
    void pixelsThatTouchByACornerAreTwoPolygons() {
        assertThat(Contours.of(mask("#.", ".#")))
                .containsExactly(polygon(1, 0, 1, 1, 0, 1, 0, 0), polygon(2, 1, 2, 2, 1, 2, 1, 1));
    }

    @Test
    void aHoleIsCutOpenFromTheNearestCorner() {
        List<Polygon> rings = Contours.of(mask("###", "#.#", "###"));

        assertThat(rings).hasSize(1);
        assertThat(rings.get(0).points()).isEqualTo(4 + 4 + 2);
        assertThat(again(rings, new ImageSize(3, 3))).isEqualTo(mask("###", "#.#", "###"));
    }

    @Test
    void anEmptyMaskHasNone() {
        assertThat(Contours.of(RunLengthMask.empty(new ImageSize(4, 5)))).isEmpty();
    }

    @Test
    void rasterisingGivesBackEveryPixel() {
        Random random = new Random(9);
        for (int i = 0; i < 2000; i++) {
            RunLengthMask mask = RandomMasks.next(random);
            List<Polygon> rings = Contours.of(mask);
            assertThat(again(rings, mask.size())).as("mask %s", mask).isEqualTo(mask);
        }
    }

    private static RunLengthMask again(List<Polygon> rings, ImageSize size) {
        return rings.isEmpty()
                ? RunLengthMask.empty(size)
                : PolygonRasterizer.rasterize(new PolygonRegion(rings), size);
    }

    private static Polygon polygon(double... vertices) {
        return new Polygon(vertices);
    }

    private static RunLengthMask mask(String... rows) {
        byte[] bitmap = new byte[rows.length * rows[0].length()];
        for (int i = 0; i < bitmap.length; i++) {
            bitmap[i] = (byte) (rows[i / rows[0].length()].charAt(i % rows[0].length()) == '#' ? 1 : 0);
        }
        return RunLengthMask.ofBitmap(new ImageSize(rows.length, rows[0].length()), bitmap);
    }
}
