package io.palispark.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FusedOperatorTest {

    @ParameterizedTest
    @EnumSource
    void theOperatorInOnePieceEqualsThePlainGraph(FusedOperator operator) {
        float[] plain = run(operator, FusedOperator.Form.PLAIN);
        float[] fused = run(operator, FusedOperator.Form.FUSED);

        assertThat(fused).hasSameSizeAs(plain);
        for (int i = 0; i < plain.length; i++) {
            assertThat(fused[i]).as(operator + " " + i).isCloseTo(plain[i], within(1e-5f * (1 + Math.abs(plain[i]))));
        }
    }

    private static float[] run(FusedOperator operator, FusedOperator.Form form) {
        try (InferenceSession session = operator.open(form, 1)) {
            return session.run(operator.inputs()).get("y").floats();
        }
    }
}
