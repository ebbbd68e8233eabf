package io.palispark.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DrawTest {

    private static final int PICTURES = 20_000;

    @Test
    void aWeightBelowOneIsTheShareThatIsDrawn() {
        Draw draw = Draw.of("coco", 0, 0.25);

        long drawn = IntStream.range(0, PICTURES)
                .filter(picture -> draw.draws("" + picture))
                .count();

        assertThat(drawn).isBetween(4_750L, 5_250L);
        assertThat(draw.copies("1")).isEqualTo(1);
    }

    @Test
    void aSmallerShareIsPartOfALargerOne() {
        Draw tenth = Draw.of("coco", 0, 0.1);
        Draw half = Draw.of("coco", 0, 0.5);

        assertThat(IntStream.range(0, PICTURES).filter(picture -> tenth.draws("" + picture)))
                .allMatch(picture -> half.draws("" + picture));
    }

    @Test
    void aWeightAboveOneIsTheMeanNumberOfCopies() {
        Draw draw = Draw.of("coco", 0, 2.5);

        int copies = IntStream.range(0, PICTURES)
                .map(picture -> draw.copies("" + picture))
                .sum();

        assertThat(copies).isBetween(49_500, 50_500);
        assertThat(IntStream.range(0, PICTURES).map(picture -> draw.copies("" + picture)))
                .containsOnly(2, 3);
        assertThat(IntStream.range(0, PICTURES)).allMatch(picture -> draw.draws("" + picture));
    }

    @Test
    void otherSeedsAndSourcesDrawOtherPictures() {
        Draw draw = Draw.of("coco", 0, 0.5);

        assertThat(draw.position("1")).isNotEqualTo(Draw.of("coco", 1, 0.5).position("1"));
        assertThat(draw.position("1")).isNotEqualTo(Draw.of("voc", 0, 0.5).position("1"));
    }

    @Test
    void onlyNamedClassesAreLimited() {
        Draw draw = Draw.of("coco", 0, 1).withClasses(Map.of("cat", -1L));

        assertThat(draw.draws("cat", "1")).isFalse();
        assertThat(draw.draws("dog", "1")).isTrue();
    }
}
