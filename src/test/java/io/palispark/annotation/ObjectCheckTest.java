package io.palispark.annotation;

import static org.assertj.core.api.Assertions.assertThat;

import io.palispark.annotation.AnnotationRecord.ObjectRow;
import io.palispark.geometry.Box;
import io.palispark.geometry.ImageSize;
import io.palispark.geometry.Polygon;
import io.palispark.geometry.PolygonRasterizer;
import io.palispark.geometry.PolygonRegion;
import io.palispark.geometry.Region;
import io.palispark.geometry.RunLengthMask;
import java.util.List;
import org.junit.jupiter.api.Test;

class ObjectCheckTest {

    private static final ImageSize IMAGE = new ImageSize(60, 80);

    private static CheckedObject check(Box box, Region region) {
        return ObjectCheck.check("a.json", new ObjectRow("1", 0, "7", "cat", box, region, Double.NaN, false), IMAGE);
    }

    private static PolygonRegion polygon(double... vertices) {
        return new PolygonRegion(List.of(new Polygon(vertices)));
    }

    private static List<ReasonCode> reasons(CheckedObject object) {
        return object.findings().stream().map(Finding::reason).toList();
    }

    @Test
    void takesTheBoxFromThePolygonWhenNoneIsStated() {
        CheckedObject object = check(null, polygon(10.5, 20, 30, 20, 30, 40.25));
        assertThat(object.box()).isEqualTo(new Box(10.5, 20, 19.5, 20.25));
        assertThat(object.findings()).isEmpty();
    }

    @Test
    void takesTheBoxFromTheRunsWhenNoneIsStated() {
        RunLengthMask mask = PolygonRasterizer.rasterize(new Box(5, 6, 7, 8), IMAGE);
        assertThat(check(null, mask).box()).isEqualTo(new Box(5, 6, 7, 8));
    }

    @Test
    void rastersAPolygonThatLeavesTheImageAsItStands() {
        PolygonRegion region = polygon(70, -5, 95, 20, 70, 70);
        CheckedObject object = check(new Box(70, -5, 25, 75), region);
        assertThat(object.box()).isEqualTo(new Box(70, 0, 10, 60));
        assertThat(object.mask()).contains(PolygonRasterizer.rasterize(region, IMAGE));
        assertThat(reasons(object)).containsExactly(ReasonCode.POLYGON_CLIPPED, ReasonCode.BOX_CLIPPED);
    }

    @Test
    void rejectsAnObjectWithoutAnythingOnTheImage() {
        assertThat(reasons(check(new Box(80, 0, 5, 5), null))).containsExactly(ReasonCode.BOX_OUTSIDE_IMAGE);
        assertThat(reasons(check(new Box(5, 5, 0, 5), null))).containsExactly(ReasonCode.BOX_EMPTY);
        RunLengthMask otherSize = RunLengthMask.empty(new ImageSize(80, 60));
        assertThat(reasons(check(null, otherSize))).containsExactly(ReasonCode.RLE_SIZE_MISMATCH);
        assertThat(check(null, otherSize).isRejected()).isTrue();
    }

    @Test
    void doesNotReportAnEdgeThatRoundingPushesOut() {
        Box box = new Box(59.17, 0, 20.830000000000002, 60);
        assertThat(check(box, null).findings()).isEmpty();
        assertThat(check(box, null).box().right()).isLessThanOrEqualTo(80);
    }

    @Test
    void survivesCoordinatesOfAnySize() {
        assertThat(check(new Box(-1e308, -1e308, 1.7e308, 1.7e308), null).box()).isEqualTo(new Box(0, 0, 80, 60));
        CheckedObject object = check(null, polygon(-1e308, -1e308, 1e308, -1e308, 0, 1e308));
        assertThat(object.box()).isEqualTo(new Box(0, 0, 80, 60));
        assertThat(object.mask()).map(RunLengthMask::area).contains(4800L);
    }
}
