package io.palispark.geometry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RunLengthMaskTest {

    private static final int FUZZ = Integer.getInteger("fuzz.count", 500);

    @Test
    void everyOperationGivesTheNumbersOfPycocotools() {
        assertThat(GoldenLines.ofResource("rle-ops.jsonl", RunLengthMaskTest::check))
                .isGreaterThan(80);
    }

    @Test
    void threeThousandOperationsGiveTheNumbersOfPycocotools() {
        assertThat(GoldenLines.ofSharedFolder("fixtures/masks/rle-ops.jsonl.gz", RunLengthMaskTest::check))
                .isEqualTo(3000);
    }

    private static void check(JsonNode golden) {
        switch (golden.get("op").textValue()) {
            case "codec" -> checkCodec(golden);
            case "uncompressed" ->
                checkMask(RunLengthMask.of(GoldenLines.size(golden), GoldenLines.ints(golden.get("runs"))), golden);
            case "merge" -> checkMerge(golden);
            case "iou-masks" -> checkMaskIou(golden);
            case "iou-boxes" -> checkBoxIou(golden);
            case "box-mask" ->
                checkMask(
                        PolygonRasterizer.rasterize(GoldenLines.box(golden.get("box")), GoldenLines.size(golden)),
                        golden);
            case "string" -> checkString(golden);
            default -> throw new AssertionError("no check for " + golden);
        }
    }

    private static void checkMask(RunLengthMask mask, JsonNode golden) {
        assertThat(mask.counts())
                .as("%s", golden.get("id"))
                .isEqualTo(golden.get("counts").textValue());
        assertThat(mask.area()).isEqualTo(golden.get("area").longValue());
        assertThat(mask.bounds()).isEqualTo(GoldenLines.box(golden.get("bbox")));
    }

    private static void checkCodec(JsonNode golden) {
        ImageSize size = GoldenLines.size(golden);
        byte[] bitmap = GoldenLines.bitmap(golden.get("rows"));
        RunLengthMask mask = RunLengthMask.ofBitmap(size, bitmap);
        checkMask(mask, golden);
        assertThat(mask.runs()).containsExactly(GoldenLines.ints(golden.get("runs")));
        assertThat(RunLengthMask.parse(size, golden.get("counts").textValue())).isEqualTo(mask);
        assertThat(mask.bitmap()).isEqualTo(bitmap);
    }

    private static void checkMerge(JsonNode golden) {
        List<RunLengthMask> masks = GoldenLines.masks(GoldenLines.size(golden), golden.get("inputs"));
        checkMask(RunLengthMask.union(masks), golden.get("union"));
        checkMask(RunLengthMask.intersection(masks), golden.get("intersection"));
    }

    private static void checkMaskIou(JsonNode golden) {
        List<RunLengthMask> detections = GoldenLines.masks(GoldenLines.size(golden), golden.get("dt"));
        List<RunLengthMask> truths = GoldenLines.masks(GoldenLines.size(golden), golden.get("gt"));
        for (int i = 0; i < detections.size(); i++) {
            for (int j = 0; j < truths.size(); j++) {
                RunLengthMask detection = detections.get(i);
                RunLengthMask truth = truths.get(j);
                boolean crowd = golden.get("iscrowd").get(j).intValue() == 1;
                assertThat(crowd ? detection.coveredBy(truth) : detection.iou(truth))
                        .as("%s [%d,%d]", golden.get("id"), i, j)
                        .isCloseTo(golden.get("iou").get(i).get(j).doubleValue(), within(1e-12));
            }
        }
    }

    private static void checkBoxIou(JsonNode golden) {
        for (int i = 0; i < golden.get("dt").size(); i++) {
            for (int j = 0; j < golden.get("gt").size(); j++) {
                Box detection = GoldenLines.box(golden.get("dt").get(i));
                Box truth = GoldenLines.box(golden.get("gt").get(j));
                boolean crowd = golden.get("iscrowd").get(j).intValue() == 1;
                assertThat(crowd ? detection.coveredBy(truth) : detection.iou(truth))
                        .as("%s [%d,%d]", golden.get("id"), i, j)
                        .isCloseTo(golden.get("iou").get(i).get(j).doubleValue(), within(1e-12));
            }
        }
    }

    private static void checkString(JsonNode golden) {
        ImageSize size = GoldenLines.size(golden);
        String counts = golden.get("counts").textValue();
        String verdict = golden.get("verdict").textValue();
        if (verdict.equals("ok")) {
            RunLengthMask mask = RunLengthMask.parse(size, counts);
            assertThat(mask).isEqualTo(RunLengthMask.of(size, GoldenLines.ints(golden.get("runs"))));
            assertThat(mask.area()).isEqualTo(golden.get("area").longValue());
        } else {
            assertThatThrownBy(() -> RunLengthMask.parse(size, counts))
                    .as("%s", golden)
                    .isInstanceOfSatisfying(
                            RunLengthException.class, e -> assertThat(reason(e)).isEqualTo(verdict));
        }
    }

    private static String reason(RunLengthException e) {
        return "rle-" + e.fault().name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    9 10 | 6 1 40 4 5 4 5 4 21 | 61X13mN000`0
                    9 10 | 0 90 | 0j2
                    9 10 | 90 | j2
                    9 10 | 1 2 3 84 | 123b2
                    50 2 | 0 5 5 5 5 2 3 5 2 3 5 2 3 55 | 05500MN3ON3ONe1
                    200007 1 | 100000 1 1 100000 5 | PeQ311odQ34
                    3 4 | 0 12 | 0<
                    3 4 | 12 | <
                    3 4 | 7 1 4 | 714
                    """)
    void countsAreWrittenAndReadAsInCoco(String size, String runs, String counts) {
        int[] sides = numbers(size);
        ImageSize image = new ImageSize(sides[0], sides[1]);

        RunLengthMask mask = RunLengthMask.of(image, numbers(runs));

        assertThat(mask.counts()).isEqualTo(counts);
        assertThat(RunLengthMask.parse(image, counts)).isEqualTo(mask);
        assertThat(mask.runs()).containsExactly(numbers(runs));
    }

    @Test
    void zeroRunsAreFusedSoThatEqualMasksHaveEqualRuns() {
        ImageSize size = new ImageSize(4, 4);

        assertThat(RunLengthMask.of(size, 0, 2, 0, 2, 12, 0).runs()).containsExactly(0, 4, 12);
        assertThat(RunLengthMask.of(size, 0, 0, 5, 0, 11).runs()).containsExactly(16);
        assertThat(RunLengthMask.of(size, 3, 0, 0, 13).runs()).containsExactly(3, 13);
    }

    @ParameterizedTest
    @CsvSource({"3 -1 14, COUNT_OUT_OF_RANGE", "3 12, SUM_TOO_SMALL", "2147483647 2147483647, SUM_TOO_LARGE"})
    void runsThatDescribeNoMaskOfTheSizeNameTheirFault(String runs, RunLengthFault fault) {
        assertThatThrownBy(() -> RunLengthMask.of(new ImageSize(4, 4), numbers(runs)))
                .isInstanceOfSatisfying(
                        RunLengthException.class, e -> assertThat(e.fault()).isEqualTo(fault))
                .hasMessageStartingWith("Cannot read run lengths of a 4x4 mask: ");
    }

    @Test
    void theLargestImageIsHeldAndALargerOneRefused() {
        RunLengthMask largest = RunLengthMask.of(new ImageSize(1, Integer.MAX_VALUE), 0, Integer.MAX_VALUE);

        assertThat(largest.bounds()).isEqualTo(new Box(0, 0, Integer.MAX_VALUE, 1));
        assertThat(RunLengthMask.parse(largest.size(), largest.counts())).isEqualTo(largest);
        assertThatThrownBy(() -> RunLengthMask.empty(new ImageSize(2, 1 << 30)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("2x1073741824");
    }

    @Test
    void aRunOverAColumnBorderMakesTheBoundsFullHeight() {
        assertThat(RunLengthMask.of(new ImageSize(5, 4), 9, 2, 9).pixelBounds()).isEqualTo(new PixelBox(0, 1, 5, 3));
    }

    @Test
    void masksOfDifferentSizesAreNotCompared() {
        RunLengthMask wide = RunLengthMask.empty(new ImageSize(2, 3));
        RunLengthMask high = RunLengthMask.empty(new ImageSize(3, 2));

        assertThatThrownBy(() -> wide.iou(high)).hasMessageContaining("2x3").hasMessageContaining("3x2");
    }

    @Test
    void readingWhatWasWrittenGivesTheMaskBack() {
        Random random = new Random(11);
        for (int i = 0; i < FUZZ; i++) {
            RunLengthMask mask = RandomMasks.next(random);
            assertThat(RunLengthMask.parse(mask.size(), mask.counts())).isEqualTo(mask);
            assertThat(RunLengthMask.of(mask.size(), mask.runs()))
                    .isEqualTo(mask)
                    .hasSameHashCodeAs(mask);
            assertThat(RunLengthMask.ofBitmap(mask.size(), mask.bitmap())).isEqualTo(mask);
        }
    }

    @Test
    void damagedStringsAreRefusedWithAFaultAndNothingElse() {
        Random random = new Random(12);
        for (int i = 0; i < FUZZ; i++) {
            RunLengthMask mask = RandomMasks.next(random);
            StringBuilder damaged = new StringBuilder(mask.counts());
            int at = random.nextInt(damaged.length());
            damaged.setCharAt(at, (char) (40 + random.nextInt(80)));
            damaged.setLength(damaged.length() - random.nextInt(2));
            try {
                assertThat(RunLengthMask.parse(mask.size(), damaged.toString()).area())
                        .isBetween(0L, mask.size().pixels());
            } catch (RunLengthException e) {
                assertThat(e.fault()).isNotNull();
            }
        }
    }

    @Test
    void setOperationsAreThoseOfTheBitmaps() {
        Random random = new Random(13);
        for (int i = 0; i < FUZZ; i++) {
            RunLengthMask a = RandomMasks.next(random);
            RunLengthMask b = RandomMasks.next(random, a.size());
            byte[] either = a.bitmap();
            byte[] both = a.bitmap();
            byte[] other = b.bitmap();
            int common = 0;
            for (int p = 0; p < other.length; p++) {
                either[p] |= other[p];
                both[p] &= other[p];
                common += both[p];
            }
            assertThat(a.union(b)).isEqualTo(RunLengthMask.ofBitmap(a.size(), either));
            assertThat(a.intersection(b)).isEqualTo(RunLengthMask.ofBitmap(a.size(), both));
            assertThat(a.intersectionArea(b)).isEqualTo(common);
        }
    }

    @Test
    void aPlacedBitmapIsTheSameBlockOfTheFullImage() {
        Random random = new Random(14);
        for (int i = 0; i < FUZZ; i++) {
            RunLengthMask mask = RandomMasks.next(random);
            PixelBox crop = RandomMasks.crop(random, mask.size());
            byte[] block = mask.bitmap(crop);

            RunLengthMask placed = RunLengthMask.placed(mask.size(), crop, block);

            assertThat(placed.bitmap(crop)).isEqualTo(block);
            assertThat(placed)
                    .isEqualTo(mask.intersection(PolygonRasterizer.rasterize(
                            new Box(crop.left(), crop.top(), crop.width(), crop.height()), mask.size())));
        }
    }

    @Test
    void aBitmapPlacedOverTheEdgeIsCutOff() {
        byte[] block = {1, 1, 1, 1};

        assertThat(RunLengthMask.placed(new ImageSize(3, 3), new PixelBox(-1, 2, 1, 4), block)
                        .runs())
                .containsExactly(6, 1, 2);
        assertThat(RunLengthMask.placed(new ImageSize(3, 3), new PixelBox(5, 5, 7, 7), block))
                .isEqualTo(RunLengthMask.empty(new ImageSize(3, 3)));
    }

    private static int[] numbers(String text) {
        return Arrays.stream(text.split(" ")).mapToInt(Integer::parseInt).toArray();
    }
}
