package io.palispark.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DuplicateClustersTest {

    @Test
    void picturesWithinTheDistanceShareTheSmallestKey() {
        Map<String, String> representatives = new DuplicateClusters(4)
                .add("b.jpg", 0b0000L)
                .add("a.jpg", 0b1111L)
                .add("far.jpg", -1L)
                .representatives();

        assertThat(representatives).containsOnly(Map.entry("a.jpg", "a.jpg"), Map.entry("b.jpg", "a.jpg"));
    }

    @Test
    void noPairWithinTheDistanceIsMissedWhereverItsBitsDiffer() {
        Random random = new Random(7);
        for (int trial = 0; trial < 500; trial++) {
            long hash = random.nextLong();
            long near = hash;
            for (int bit = 0; bit < 4; bit++) {
                near ^= 1L << random.nextInt(64);
            }
            assertThat(new DuplicateClusters(4).add("x", hash).add("y", near).representatives())
                    .containsEntry("y", "x");
        }
    }
}
