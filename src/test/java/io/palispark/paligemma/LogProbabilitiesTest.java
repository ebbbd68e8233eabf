package io.palispark.paligemma;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LogProbabilitiesTest {

    @Test
    void probabilitiesOfWhatIsLeftAddUpToOne() {
        float[] logits = {1, 2, Float.NEGATIVE_INFINITY, 0};
        double sum = 0;
        for (int id : new int[] {0, 1, 3}) {
            sum += Math.exp(LogProbabilities.of(logits, id));
        }
        assertThat(sum).isCloseTo(1, within(1e-9));
        assertThat(LogProbabilities.of(logits, 2)).isEqualTo(Double.NEGATIVE_INFINITY);
    }

    @Test
    void vectorsAndSingleNumbersGiveTheSame() {
        SplittableRandom random = new SplittableRandom(1);
        float[] logits = new float[4099];
        for (int i = 0; i < logits.length; i++) {
            logits[i] = (float) random.nextDouble(-60, 20);
        }
        assertThat(LogProbabilities.normaliser(logits))
                .isCloseTo(LogProbabilities.plainNormaliser(logits), within(1e-9));
    }

    /** What {@link EndReason#NOT_FINITE} is told by. */
    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY})
    void oneNumberThatIsNotFiniteLeavesNoSum(float value) {
        for (int place : new int[] {0, 5, 4095, 4098}) {
            float[] logits = new float[4099];
            logits[place] = value;
            assertThat(Double.isFinite(LogProbabilities.normaliser(logits))).isFalse();
            assertThat(Double.isFinite(LogProbabilities.plainNormaliser(logits)))
                    .isFalse();
        }
    }
}
