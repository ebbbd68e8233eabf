package io.palispark.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VectorMathTest {

    @Test
    void geluIsExactToSixDigits() {
        float[] x = new float[40_001];
        for (int i = 0; i < x.length; i++) {
            x[i] = (i - 20_000) / 1000f;
        }
        float[] gated = x.clone();
        float[] ones = new float[x.length];
        Arrays.fill(ones, 1);
        VectorMath.gatedGelu(gated, ones);
        for (int i = 0; i < x.length; i++) {
            double v = x[i];
            double exact = 0.5 * v * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (v + 0.044715 * v * v * v)));
            assertThat((double) gated[i])
                    .as("GELU(%s)", x[i])
                    .isCloseTo(exact, within(1e-6 * Math.min(1, Math.abs(v))));
        }
    }

    @Test
    void gatesAreMultiplied() {
        float[] gates = {100, 100, 0};
        VectorMath.gatedGelu(gates, new float[] {2, -0.5f, 7});
        assertThat(gates).containsExactly(200, -50, 0);
    }

    @Test
    void numbersBendOffAtTheCap() {
        int count = VectorMath.wholeVectors(1000);
        float[] x = new float[count];
        for (int i = 0; i < count; i++) {
            x[i] = i - count / 2;
        }
        float[] bent = x.clone();
        VectorMath.bend(bent, 0, count, 50);
        for (int i = 0; i < count; i++) {
            assertThat((double) bent[i]).as("%s", x[i]).isCloseTo(50 * Math.tanh(x[i] / 50.0), within(5e-5));
        }
    }

    @Test
    void softmaxLeavesOutWhatIsHidden() {
        int count = VectorMath.wholeVectors(40);
        float[] x = new float[2 * count];
        Arrays.fill(x, 7);
        for (int i = 0; i < count; i++) {
            x[count + i] = i < 3 || i >= 40 ? Float.NEGATIVE_INFINITY : 0.3f * i - 90;
        }
        float[] scores = x.clone();
        VectorMath.softmax(x, count, count);
        double sum = 0;
        for (int i = 3; i < 40; i++) {
            sum += Math.exp(scores[count + i]);
        }
        for (int i = 0; i < count; i++) {
            assertThat(x[i]).isEqualTo(7);
            assertThat((double) x[count + i]).isCloseTo(Math.exp(scores[count + i]) / sum, within(1e-6));
        }
        assertThat(Arrays.copyOfRange(x, count, count + 3)).containsOnly(0);
    }

    /** Heads and sizes that are whole tiles and that are not. */
    @ParameterizedTest
    @CsvSource({"8, 256", "4, 64", "2, 64", "3, 10"})
    void headsMixValuesInTheirShares(int heads, int size) {
        SplittableRandom random = new SplittableRandom(1);
        ByteBuffer values = ByteBuffer.allocateDirect(5 * size * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        values.asFloatBuffer().put(drawn(random, 5 * size));
        float[] shares = drawn(random, heads * 7);
        float[] mixed = new float[heads * size + 1];
        VectorMath.mix(values, 5, size, shares, 7, heads, mixed, 1);
        assertThat(mixed[0]).isZero();
        for (int head = 0; head < heads; head++) {
            for (int i = 0; i < size; i++) {
                double expected = 0;
                for (int column = 0; column < 5; column++) {
                    expected += (double) shares[head * 7 + column] * values.getFloat((column * size + i) * Float.BYTES);
                }
                assertThat((double) mixed[1 + head * size + i]).isCloseTo(expected, within(1e-6));
            }
        }
    }

    /** Logits close to each other, far apart, and some that are left out. */
    @ParameterizedTest
    @CsvSource({"257152, 5", "257155, 30", "1003, 400"})
    void theLogOfASumOfExponentialsIsExactToNineDigits(int count, double spread) {
        SplittableRandom random = new SplittableRandom(1);
        float[] logits = new float[count];
        double largest = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < count; i++) {
            logits[i] = i % 100 == 0 ? Float.NEGATIVE_INFINITY : (float) random.nextDouble(-spread, spread);
            largest = Math.max(largest, logits[i]);
        }
        double sum = 0;
        for (float logit : logits) {
            sum += Math.exp(logit - largest);
        }
        assertThat(VectorMath.logOfSum(logits)).isCloseTo(largest + Math.log(sum), within(1e-9));
    }

    private static float[] drawn(SplittableRandom random, int count) {
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = (float) random.nextDouble(-1, 1);
        }
        return numbers;
    }
}
