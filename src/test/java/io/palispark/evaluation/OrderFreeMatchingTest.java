package io.palispark.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import io.palispark.geometry.Box;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class OrderFreeMatchingTest {

    @Test
    void aDetectionThatFitsTwoObjectsLeavesTheOneThatAnotherNeeds() {
        Truth<Box> first = truth(0);
        Truth<Box> second = truth(20);
        Detection<Box> between = detection(10);
        Detection<Box> onFirst = detection(0);
        assertThat(count(List.of(first, second), List.of(between, onFirst))).isEqualTo(new OperatingPoint(2, 0, 0));
        assertThat(count(List.of(first, second), List.of(onFirst, between))).isEqualTo(new OperatingPoint(2, 0, 0));
    }

    @Test
    void aSecondDetectionOfAnObjectIsWrongAndACrowdExcusesAny() {
        assertThat(count(List.of(truth(0)), List.of(detection(0), detection(0))))
                .isEqualTo(new OperatingPoint(1, 1, 0));
        Truth<Box> crowd = Truth.crowd(new Box(0, 0, 1000, 100), 1);
        assertThat(count(List.of(crowd, truth(0)), List.of(detection(0), detection(0), detection(300))))
                .isEqualTo(new OperatingPoint(1, 0, 0));
    }

    @Test
    void countsDoNotDependOnTheOrderAndAreTheBestThatAnyPairingReaches() {
        Random random = new Random(3);
        for (int round = 0; round < 200; round++) {
            List<Truth<Box>> truths = new ArrayList<>();
            List<Detection<Box>> detections = new ArrayList<>();
            for (int object = random.nextInt(5); object >= 0; object--) {
                truths.add(truth(random.nextInt(80)));
                detections.add(detection(random.nextInt(80)));
            }
            if (random.nextBoolean()) {
                truths.add(Truth.crowd(new Box(random.nextInt(60), 0, 100, 100), 1));
            }
            OperatingPoint counted = count(truths, detections);
            assertThat(counted.right()).isEqualTo(best(truths, detections, 0, new boolean[truths.size()]));
            for (int shuffle = 0; shuffle < 5; shuffle++) {
                Collections.shuffle(truths, random);
                Collections.shuffle(detections, random);
                assertThat(count(truths, detections)).isEqualTo(counted);
            }
        }
    }

    @Test
    void ratiosOfNothingAreEmpty() {
        assertThat(OperatingPoint.NONE.precision()).isEmpty();
        assertThat(OperatingPoint.NONE.recall()).isEmpty();
        assertThat(OperatingPoint.NONE.f1()).isEmpty();
        OperatingPoint counted = OperatingPoint.NONE.plus(new OperatingPoint(3, 1, 2));
        assertThat(counted.precision()).hasValue(0.75);
        assertThat(counted.recall()).hasValue(0.6);
        assertThat(counted.f1()).hasValue(6.0 / 9);
    }

    private static long best(List<Truth<Box>> truths, List<Detection<Box>> detections, int next, boolean[] taken) {
        if (next == detections.size()) {
            return 0;
        }
        long best = best(truths, detections, next + 1, taken);
        for (int place = 0; place < taken.length; place++) {
            Truth<Box> truth = truths.get(place);
            if (!taken[place] && !truth.crowd() && detections.get(next).shape().iou(truth.shape()) >= 0.5) {
                boolean[] with = Arrays.copyOf(taken, taken.length);
                with[place] = true;
                best = Math.max(best, 1 + best(truths, detections, next + 1, with));
            }
        }
        return best;
    }

    private static OperatingPoint count(List<Truth<Box>> truths, List<Detection<Box>> detections) {
        return OrderFreeMatching.count(ImageObjects.exhaustive(1, truths, detections), Overlap.ofBoxes(), 0.5);
    }

    private static Truth<Box> truth(int x) {
        return Truth.object(new Box(x, 0, 100, 100), 1e4);
    }

    private static Detection<Box> detection(int x) {
        return new Detection<>(new Box(x, 0, 100, 100), 1e4, 1);
    }
}
