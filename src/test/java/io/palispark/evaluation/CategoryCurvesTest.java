package io.palispark.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.palispark.geometry.Box;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class CategoryCurvesTest {

    private static final Box FOUND = new Box(10, 10, 50, 50);
    private static final Box ELSEWHERE = new Box(200, 200, 50, 50);
    private static final Truth<Box> OBJECT = Truth.object(FOUND, 2500);

    @Test
    void aLonePerfectDetectionFallsShortOfOneByTheReferencesEpsilon() {
        assertThat(averagePrecision(image(1, 1, FOUND))).hasValueCloseTo(0.9999999999999998, within(1e-15));
        assertThat(averagePrecision(image(1, 1, FOUND), image(2, 1, FOUND))).hasValueCloseTo(1.0, within(1e-15));
    }

    @Test
    void aWrongDetectionOfEqualScoreCostsNothingOnlyAtTheVeryEnd() {
        assertThat(averagePrecision(image(1, 1, FOUND), image(2, 1, FOUND, ELSEWHERE)))
                .hasValueCloseTo(1.0, within(1e-15));
        assertThat(averagePrecision(image(1, 1, FOUND), image(2, 1, ELSEWHERE, FOUND)))
                .hasValueCloseTo(0.8349834983498348, within(1e-15));
        assertThat(averagePrecision(image(1, 1, FOUND, ELSEWHERE), image(2, 1, FOUND)))
                .hasValueCloseTo(0.8349834983498348, within(1e-15));
        assertThat(averagePrecision(image(1, 1, ELSEWHERE, FOUND), image(2, 1, FOUND)))
                .hasValueCloseTo(0.6666666666666666, within(1e-15));
    }

    @Test
    void missedAndWronglyRankedObjectsCost() {
        assertThat(averagePrecision(image(1, 1, ELSEWHERE, FOUND))).hasValue(0.5);
        assertThat(averagePrecision(image(1, 1, FOUND), image(2, 1, FOUND), image(3, 1)))
                .hasValueCloseTo(0.6633663366336634, within(1e-15));
    }

    @Test
    void aSecondDetectionOfAFoundObjectIsWrongButBeyondFullRecall() {
        assertThat(averagePrecision(image(1, 1, FOUND, FOUND))).hasValueCloseTo(0.9999999999999998, within(1e-15));
    }

    @Test
    void aCrowdAloneLeavesNothingToFindAndSilenceFindsNothing() {
        ImageObjects<Box> crowd =
                ImageObjects.exhaustive(1, List.of(Truth.crowd(FOUND, 2500)), List.of(new Detection<>(FOUND, 2500, 1)));
        assertThat(averagePrecision(crowd)).isEmpty();
        assertThat(averagePrecision(image(1, 1))).hasValue(0);
    }

    @Test
    void theOrderOfImagesAndPartitionsChangesNothing() {
        Random random = new Random(7);
        List<ImageObjects<Box>> images = new ArrayList<>(IntStream.range(0, 40)
                .mapToObj(image -> randomImage(image, random))
                .toList());
        Matching matching = new Matching(DetectionProtocol.COCO);
        List<PrecisionRecall> expected = null;
        for (int shuffle = 0; shuffle < 5; shuffle++) {
            CategoryCurves curves = CategoryCurves.accumulate(
                    DetectionProtocol.COCO,
                    images.stream()
                            .map(image -> matching.match(image, Overlap.ofBoxes()))
                            .toList());
            expected = expected == null ? curves.curves() : expected;
            assertThat(curves.curves()).usingRecursiveComparison().isEqualTo(expected);
            Collections.shuffle(images, random);
        }
    }

    @Test
    void detectionsOutOfOrderAreRefusedInsteadOfMiscounted() {
        DetectionMatch low = new DetectionMatch(0.1, 1, 0, 0, 0);
        DetectionMatch high = new DetectionMatch(0.9, 1, 1, 0, 0);
        assertThatThrownBy(() -> CategoryCurves.accumulate(
                        DetectionProtocol.COCO,
                        List.of(1L, 1L, 1L, 1L),
                        List.of(low, high).iterator()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("order");
    }

    @Test
    void aScoreThatIsNoNumberIsRefusedAndMinusZeroRanksAsZero() {
        assertThatThrownBy(() -> new Detection<>(FOUND, 1, Double.NaN)).hasMessageContaining("NaN");
        assertThat(new Detection<>(FOUND, 1, -0.0)).isEqualTo(new Detection<>(FOUND, 1, 0.0));
    }

    @SafeVarargs
    private static OptionalDouble averagePrecision(ImageObjects<Box>... images) {
        Matching matching = new Matching(DetectionProtocol.COCO);
        return CategoryCurves.accumulate(
                        DetectionProtocol.COCO,
                        Stream.of(images)
                                .map(image -> matching.match(image, Overlap.ofBoxes()))
                                .toList())
                .averagePrecision();
    }

    private static ImageObjects<Box> image(long id, int objects, Box... detected) {
        return ImageObjects.exhaustive(
                id,
                Collections.nCopies(objects, OBJECT),
                List.of(detected).stream()
                        .map(box -> new Detection<>(box, box.area(), 1))
                        .toList());
    }

    private static ImageObjects<Box> randomImage(long id, Random random) {
        List<Truth<Box>> truths = new ArrayList<>();
        List<Detection<Box>> detections = new ArrayList<>();
        for (int object = random.nextInt(4); object > 0; object--) {
            Box box = new Box(random.nextInt(100), random.nextInt(100), 20 + random.nextInt(90), 30);
            truths.add(new Truth<>(box, box.area(), random.nextInt(8) == 0));
            Box near = new Box(box.x() + random.nextInt(8), box.y(), box.width(), box.height());
            detections.add(new Detection<>(near, near.area(), random.nextInt(5) / 5.0));
        }
        return ImageObjects.exhaustive(id, truths, detections);
    }
}
