package io.palispark.paligemma;

import static org.assertj.core.api.Assertions.assertThat;

import io.palispark.image.RgbImage;
import io.palispark.paligemma.DemoExpectation.Answer;
import io.palispark.paligemma.DemoExpectation.Picture;
import io.palispark.tensor.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The stand-in on all pictures and prompts of the demo corpus, token by token against transformers. */
class StandInDemoTest {

    private static final PaliGemma MODEL = StandInModel.MODEL;
    private static final TokenChoice GREEDY = new TokenChoice.Greedy();

    private static int samePixels;
    private static int sameInput;
    private static final List<Compared> COMPARED = new ArrayList<>();

    private record Compared(Picture picture, Answer expected, Generated actual) {

        boolean equal() {
            return Arrays.equals(expected.ids(), actual.ids());
        }

        int firstDifference() {
            return Arrays.mismatch(expected.ids(), actual.ids());
        }

        /** How far the reference's own choice was from its second best where the ids part. */
        double margin() {
            return expected.margins()[Math.min(firstDifference(), expected.margins().length - 1)];
        }

        @Override
        public String toString() {
            return "%s '%s' parts at token %d, margin %s"
                    .formatted(picture.file(), expected.prompt(), firstDifference(), margin());
        }
    }

    @BeforeAll
    static void answerEveryPrompt() throws IOException {
        for (Picture picture : DemoExpectation.read().pictures()) {
            RgbImage pixels = picture.read();
            samePixels += sha256(pixels).equals(picture.rgbSha256()) ? 1 : 0;
            RgbImage square = MODEL.square(pixels);
            if (sha256(square).equals(picture.inputSha256())) {
                sameInput++;
                compare(picture, MODEL.features(List.of(square)).get(0));
            }
        }
        COMPARED.stream().filter(answer -> !answer.equal()).forEach(System.out::println);
        System.out.printf(
                "%d pictures decode to Pillow's pixels, %d squares are equal, %d of %d answers equal%n",
                samePixels, sameInput, COMPARED.stream().filter(Compared::equal).count(), COMPARED.size());
    }

    private static void compare(Picture picture, Tensor features) {
        List<Generator.Request> requests = new ArrayList<>();
        for (Answer answer : picture.answers()) {
            requests.add(new Generator.Request(MODEL.prompt(answer.prompt(), features), 0));
        }
        int longest =
                picture.answers().stream().mapToInt(Answer::newTokens).max().orElseThrow();
        List<Generated> generated = MODEL.generate(requests, GREEDY, MODEL.limits(longest));
        for (int i = 0; i < requests.size(); i++) {
            COMPARED.add(new Compared(picture, picture.answers().get(i), generated.get(i)));
        }
    }

    private static String sha256(RgbImage picture) {
        return Pictures.sha256(ByteBuffer.wrap(picture.rgb()));
    }

    @Test
    void picturesDecodeToTheReferencesPixels() {
        assertThat(samePixels).isEqualTo(96);
        assertThat(sameInput).isEqualTo(96);
    }

    @Test
    void greedyTokensEqualTheReferenceInAtLeast99PercentOfThePrompts() {
        assertThat(COMPARED).hasSizeGreaterThan(400);
        assertThat(COMPARED.stream().filter(Compared::equal).count())
                .isGreaterThanOrEqualTo((long) Math.ceil(0.99 * COMPARED.size()));
    }

    @Test
    void whereTokensPartTheReferenceItselfHardlyPreferredItsChoice() {
        assertThat(COMPARED)
                .filteredOn(answer -> !answer.equal())
                .allSatisfy(answer -> assertThat(answer.margin()).isLessThan(1e-3));
    }

    @Test
    void logProbabilitiesEqualTheReference() {
        double worst = 0;
        for (Compared answer : COMPARED) {
            int end = answer.equal() ? answer.expected().ids().length : answer.firstDifference();
            for (int i = 0; i < end; i++) {
                double difference = Math.abs(answer.expected().logProbabilities()[i]
                        - answer.actual().logProbabilities()[i]);
                worst = Math.max(worst, difference);
            }
        }
        assertThat(worst).isLessThanOrEqualTo(1e-3);
    }
}
