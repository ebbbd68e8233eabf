package io.palispark.paligemma;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WeightPlaceTest {

    /** Weights in billions, memory in GiB. */
    @ParameterizedTest
    @CsvSource({
        "AUTO, 2.9, 23, WIDENED",
        "AUTO, 2.9, 16, MAPPED",
        "AUTO, 9.7, 48, MAPPED",
        "AUTO, 9.7, 64, WIDENED",
        "WIDENED, 9.7, 16, WIDENED",
        "MAPPED, 2.9, 64, MAPPED"
    })
    void widenedWeightsLeaveMemoryForTheRest(WeightPlace asked, double billions, long gibibytes, WeightPlace place) {
        assertThat(asked.within((long) (billions * 1e9), gibibytes << 30)).isEqualTo(place);
    }
}
