package io.palispark.geometry;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PolygonRasterizerTest {

    private static final ImageSize SIX = new ImageSize(6, 6);

    @Test
    void everyKindOfPolygonGivesThePixelsOfPycocotools() {
        assertThat(GoldenLines.ofResource("polygons.jsonl", PolygonRasterizerTest::check))
                .isGreaterThan(50);
    }

    @Test
    void fortyThousandPolygonSetsGiveThePixelsOfPycocotools() {
        assertThat(GoldenLines.ofSharedFolder("fixtures/masks/polygons.jsonl.gz", PolygonRasterizerTest::check))
                .isEqualTo(40_000);
    }

    private static void check(JsonNode golden) {
        JsonNode rings = golden.get("polygons");
        PolygonRegion region = new PolygonRegion(IntStream.range(0, rings.size())
                .mapToObj(i -> new Polygon(GoldenLines.doubles(rings.get(i))))
                .toList());
        RunLengthMask mask = PolygonRasterizer.rasterize(region, GoldenLines.size(golden));
        assertThat(mask.counts())
                .as("polygons case %s", golden.get("id"))
                .isEqualTo(golden.get("counts").textValue());
        assertThat(mask.area()).isEqualTo(golden.get("area").longValue());
        assertThat(mask.bounds()).isEqualTo(GoldenLines.box(golden.get("bbox")));
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '"', textBlock = """
                    1 1 4 1 4 4 1 4, 733000;
                    1.49 1.49 4.49 1.49 4.49 4.49 1.49 4.49, 733000;
                    1.5 1.5 4.5 1.5 4.5 4.5 1.5 4.5, >330004
                    -2 -2 8 -2 8 8 -2 8, 0T1
                    -1.3 -1.3 2.7 -1.3 2.7 2.7 -1.3 2.7, 033000b0
                    0 0 6 0 0 6, 051O1O1O1O7
                    0 6 6 0 0 0, 051O1O1O1O7
                    0 0 6 0 0 6 0 0, 051O1O1O1O7
                    0 0 6 6 6 0 0 6, 052N2N10O2N2O
                    0 0 6 0 6 6 0 6 0 0 2 2 2 4 4 4 4 2 2 2, 0>2F0:
                    1 0 1.2 0 1.2 6 1 6, T1
                    1.3 1 1.8 1 1.8 5 1.3 5, 74i0
                    1 1 5 5 1 1, T1
                    """)
    void sampledAtColumnCentresAsInPycocotools(String vertices, String counts) {
        assertThat(PolygonRasterizer.rasterize(polygon(vertices), SIX).counts()).isEqualTo(counts);
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '"', textBlock = """
                    7 8 9 3 7 1 5 1 5 8 3 4 4 7 7 8, U36>1OO2Lm6
                    4 4 7 5 5 9 3 1 2 3 1 6 6 2 2 9, h02`012N_O0`00@1>OB3`0MQ8
                    """)
    void selfCrossingRingsAreFilledEvenOdd(String vertices, String counts) {
        assertThat(PolygonRasterizer.rasterize(polygon(vertices), new ImageSize(20, 20))
                        .counts())
                .isEqualTo(counts);
    }

    @ParameterizedTest
    @CsvSource({
        "6, 1, 1, 3, 3, 733000;",
        "6, 1.5, 1.5, 3, 3, >330004",
        "6, 0.4, 0.4, 0.3, 0.3, 01S1",
        "20, 3, 5, 4, 1, Q21c000000o7"
    })
    void aBoxIsThePolygonOfItsCorners(int side, double x, double y, double width, double height, String counts) {
        assertThat(PolygonRasterizer.rasterize(new Box(x, y, width, height), new ImageSize(side, side))
                        .counts())
                .isEqualTo(counts);
    }

    @Test
    void aSecondRingInsideTheFirstIsNoHole() {
        PolygonRegion region = new PolygonRegion(List.of(polygon("0 0 6 0 6 6 0 6"), polygon("2 2 2 4 4 4 4 2")));

        assertThat(PolygonRasterizer.rasterize(region, SIX).counts()).isEqualTo("0T1");
    }

    @Test
    void boundsOfTheMaskAreZerosWhereASliverVanishes() {
        assertThat(PolygonRasterizer.rasterize(polygon("1 0 1.2 0 1.2 6 1 6"), SIX)
                        .bounds())
                .isEqualTo(new Box(0, 0, 0, 0));
    }

    @ParameterizedTest
    @CsvSource({"1e300", "1e18", "1e9", "1000000"})
    void farVerticesAreMovedToTheLimitAndCostNoWalk(double far) {
        Polygon everything = new Polygon(new double[] {-far, -far, far, -far, far, far, -far, far});

        RunLengthMask mask = Assertions.assertTimeoutPreemptively(
                Duration.ofSeconds(1), () -> PolygonRasterizer.rasterize(everything, SIX));

        assertThat(mask.area()).isEqualTo(36);
    }

    @Test
    void edgesOnlyEverCutColumnsAsTheDenseWalkDoes() {
        Random random = new Random(7);
        for (int i = 0; i < Integer.getInteger("fuzz.count", 1000); i++) {
            ImageSize size = new ImageSize(1 + random.nextInt(40), 1 + random.nextInt(40));
            double[] vertices = new double[2 * (3 + random.nextInt(6))];
            double scale = Math.pow(10, random.nextInt(3));
            for (int j = 0; j < vertices.length; j++) {
                vertices[j] = Math.rint(random.nextGaussian() * 20 * scale) / (random.nextBoolean() ? 10 : 1);
            }
            assertThat(PolygonRasterizer.rasterize(new Polygon(vertices), size))
                    .as("%s on %s", new Polygon(vertices), size)
                    .isEqualTo(DensePolygonWalk.rasterize(vertices, size));
        }
    }

    @Test
    void oneMillionVerticesTakeTimeInProportion() {
        double[] vertices = new double[2_000_000];
        for (int i = 0; i < vertices.length / 2; i++) {
            double angle = 2 * Math.PI * i / (vertices.length / 2);
            vertices[2 * i] = 500 + (300 + 20 * Math.sin(1000 * angle)) * Math.cos(angle);
            vertices[2 * i + 1] = 500 + (300 + 20 * Math.sin(1000 * angle)) * Math.sin(angle);
        }

        RunLengthMask mask = Assertions.assertTimeoutPreemptively(
                Duration.ofSeconds(5),
                () -> PolygonRasterizer.rasterize(new Polygon(vertices), new ImageSize(1000, 1000)));

        assertThat(mask.area()).isBetween(270_000L, 300_000L);
    }

    private static Polygon polygon(String vertices) {
        return new Polygon(java.util.Arrays.stream(vertices.split(" "))
                .mapToDouble(Double::parseDouble)
                .toArray());
    }
}
