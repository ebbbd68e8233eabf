package io.palispark.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.platform.Fp16Conversions;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StreamedMatrixTest {

    /** Widths that are whole vectors and that are not, outputs that are whole groups and parts and that are not. */
    @ParameterizedTest
    @CsvSource({
        "BFLOAT16, 64, 256, 1",
        "BFLOAT16, 67, 250, 1",
        "BFLOAT16, 70, 38, 2",
        "BFLOAT16, 129, 96, 3",
        "BFLOAT16, 9, 1026, 4",
        "BFLOAT16, 135, 102, 7",
        "BFLOAT16, 300, 64, 17",
        "FLOAT32, 64, 256, 1",
        "FLOAT32, 67, 250, 3"
    })
    void theProductIsThatOfTheWidenedWeights(ElementType type, int outputs, int inputs, int rows) {
        SplittableRandom random = new SplittableRandom(outputs);
        Tensor first = weights(type, outputs - 4, inputs, random);
        Tensor second = weights(type, 4, inputs, random);
        StreamedMatrix matrix = new StreamedMatrix(List.of(first, second));
        float[] x = new float[rows * inputs];
        for (int i = 0; i < x.length; i++) {
            x[i] = (float) random.nextDouble(-1, 1);
        }
        float[] y = matrix.results(rows);
        StreamedMatrix.Factors factors = matrix.factors(x, rows);
        try (WorkTeam team = new WorkTeam(2)) {
            team.share(matrix.parts(), part -> matrix.multiply(factors, y, part));
        }
        for (int row = 0; row < rows; row++) {
            for (int output = 0; output < outputs; output++) {
                float[] weights = output < outputs - 4
                        ? first.slice(output, 1).floats()
                        : second.slice(output - outputs + 4, 1).floats();
                double expected = 0;
                for (int i = 0; i < inputs; i++) {
                    expected += (double) weights[i] * x[row * inputs + i];
                }
                assertThat((double) y[row * outputs + output])
                        .as("row %d, output %d", row, output)
                        .isCloseTo(expected, within(1e-4));
            }
        }
    }

    /** Rows in full tiles, in one that lacks some, and alone. */
    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4, 5, 6, 9})
    void aRowHasTheSameResultWhateverStandsBesideIt(int rows) {
        SplittableRandom random = new SplittableRandom(1);
        StreamedMatrix matrix = new StreamedMatrix(List.of(weights(ElementType.BFLOAT16, 13, 72, random)));
        float[] x = new float[rows * 72];
        for (int i = 0; i < x.length; i++) {
            x[i] = (float) random.nextDouble(-1, 1);
        }
        float[] together = multiply(matrix, x, rows);
        for (int row = 0; row < rows; row++) {
            float[] alone = multiply(matrix, Arrays.copyOfRange(x, row * 72, (row + 1) * 72), 1);
            assertThat(Arrays.copyOfRange(together, 13 * row, 13 * (row + 1)))
                    .as("row %d", row)
                    .isEqualTo(alone);
        }
    }

    @Test
    void whatCannotBeStreamedIsRefused() {
        assertThat(StreamedMatrix.accepts(Tensor.allocate(ElementType.FLOAT16, 8, 8)))
                .isFalse();
        assertThat(StreamedMatrix.accepts(Tensor.allocate(ElementType.BFLOAT16, 8, 7)))
                .isFalse();
        assertThat(StreamedMatrix.accepts(Tensor.allocate(ElementType.BFLOAT16, 3, 8)))
                .isFalse();
        List<Tensor> unlike =
                List.of(Tensor.allocate(ElementType.BFLOAT16, 8, 8), Tensor.allocate(ElementType.FLOAT32, 8, 8));
        assertThatThrownBy(() -> new StreamedMatrix(unlike)).hasMessageContaining("Cannot stream FLOAT32[8, 8]");
    }

    private static float[] multiply(StreamedMatrix matrix, float[] x, int rows) {
        float[] y = matrix.results(rows);
        StreamedMatrix.Factors factors = matrix.factors(x, rows);
        for (int part = 0; part < matrix.parts(); part++) {
            matrix.multiply(factors, y, part);
        }
        return y;
    }

    private static Tensor weights(ElementType type, int outputs, int inputs, SplittableRandom random) {
        Tensor tensor = Tensor.allocate(type, outputs, inputs);
        ByteBuffer target = tensor.buffer();
        while (target.hasRemaining()) {
            float value = (float) random.nextDouble(-1, 1);
            if (type == ElementType.FLOAT32) {
                target.putFloat(value);
            } else {
                target.putShort(Fp16Conversions.floatToBf16(value));
            }
        }
        return tensor;
    }
}
