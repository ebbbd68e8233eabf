package io.palispark.paligemma;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Quantised models beside the float32 one. */
class PrecisionTest {

    private static final int PICTURES = 12;

    @ParameterizedTest
    @CsvSource({"INT8, 0.08", "INT4, 0.3"})
    void logitsOfTheStandInStayNearFloat32(Precision precision, double tolerance) throws IOException {
        PaliGemma exact = StandInModel.MODEL;
        int sameCaptions = 0;
        double worst = 0;
        try (PaliGemma quantised = PaliGemma.open(
                StandInCheckpoint.folder(), ModelSettings.on(Goldens.CPU).withPrecision(precision))) {
            for (DemoExpectation.Picture picture :
                    DemoExpectation.read().pictures().subList(0, PICTURES)) {
                worst = Math.max(worst, relativeError(logits(quantised, picture), logits(exact, picture)));
                sameCaptions += caption(quantised, picture).equals(caption(exact, picture)) ? 1 : 0;
            }
        }
        System.out.printf(
                "%s: %d of %d captions equal, logits off by %.3f%n", precision, sameCaptions, PICTURES, worst);
        assertThat(worst).isLessThan(tolerance);
    }

    private static float[] logits(PaliGemma model, DemoExpectation.Picture picture) throws IOException {
        return model.language()
                .prefill(List.of(prompt(model, picture)))
                .logits()
                .floats();
    }

    private static String caption(PaliGemma model, DemoExpectation.Picture picture) throws IOException {
        Generated answer = model.generate(
                        List.of(new Generator.Request(prompt(model, picture), 0)),
                        new TokenChoice.Greedy(),
                        model.limits(48))
                .get(0);
        return model.tokenizer().text(answer.textIds());
    }

    private static PromptRow prompt(PaliGemma model, DemoExpectation.Picture picture) throws IOException {
        return model.prompt(
                "caption en", model.features(List.of(picture.read())).get(0));
    }

    /** Length of the difference over the length of the expected vector. */
    static double relativeError(float[] actual, float[] expected) {
        double difference = 0;
        double length = 0;
        for (int i = 0; i < expected.length; i++) {
            difference += Math.pow(actual[i] - expected[i], 2);
            length += Math.pow(expected[i], 2);
        }
        return Math.sqrt(difference / length);
    }
}
