package io.palispark.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.palispark.evaluation.LabelMatching.Leniency;
import io.palispark.geometry.Box;
import io.palispark.geometry.ImageSize;
import io.palispark.job.AnswerRules.Corners;
import io.palispark.job.AnswerRules.Score;
import io.palispark.job.AnswerRules.Suppression;
import io.palispark.job.AnswerRules.Unasked;
import io.palispark.job.Prediction.Answer;
import io.palispark.job.Prediction.AnswerDefect;
import io.palispark.job.Prediction.DetectedObject;
import io.palispark.job.Prediction.Failure;
import io.palispark.job.Prediction.ModelText;
import io.palispark.paligemma.PaliGemmaTokenizer;
import io.palispark.token.Convention;
import io.palispark.vqvae.MaskCodec;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Texts of the stand-in checkpoint for scene_001001 of the demo corpus, 240 x 320, and what a model might make of them. */
class AnswerReaderTest {

    private static final ImageSize SIZE = new ImageSize(240, 320);
    private static final String APPLE = "<loc0586><loc0017><loc0969><loc0315><seg034><seg101><seg100><seg008><seg117>"
            + "<seg116><seg022><seg057><seg102><seg028><seg028><seg022><seg118><seg064><seg026><seg006> apple";
    private static final List<Integer> IDS = List.of(
            1610, 1041, 1993, 1339, 2082, 2149, 2148, 2056, 2165, 2164, 2070, 2105, 2150, 2076, 2076, 2070, 2166, 2112,
            2074, 2054, 524, 1);
    private static final List<Double> LOG_PROBABILITIES = List.of(
            -3.044425, -2.581889, -2.546898, -2.586856, -0.861613, -0.873165, -2.061313, -1.094027, -0.5985, -0.416637,
            -1.122973, -1.324305, -0.431463, -0.216533, -0.210182, -0.878408, -0.526997, -0.477814, -0.958628,
            -0.515191, -0.000113, -0.000469);
    private static final String MUG = "<loc0100><loc0100><loc0500><loc0500> mug";
    private static final String STAR = "<loc0600><loc0600><loc0900><loc0900> star";

    private AnswerRules rules = new AnswerRules(
            Convention.BIG_VISION,
            Score.LABEL,
            Corners.DROP,
            Unasked.FLAG,
            new AnswerRules.Labels(List.of(), Leniency.EXACT, 0.8),
            new Suppression(Suppression.Method.NONE, 0.5, 0.5, Suppression.Shape.BOX));

    @Test
    void anObjectGetsItsPixelsAndTheProbabilitiesOfItsOwnTokens() throws IOException {
        DetectedObject apple = answer("segment apple", new ModelText(APPLE, IDS, LOG_PROBABILITIES, Optional.empty()))
                .objects()
                .get(0);

        assertThat(apple.label()).isEqualTo("apple");
        assertThat(apple.box().x()).isCloseTo(17 / 1023.0 * 320, within(1e-12));
        assertThat(apple.box().bottom()).isCloseTo(969 / 1023.0 * 240, within(1e-12));
        assertThat(apple.mask().orElseThrow().pixelBounds().top()).isBetween(137, 140);
        assertThat(apple.scores().label().orElseThrow()).isCloseTo(Math.exp(-0.000113), within(1e-12));
        assertThat(apple.scores().box().orElseThrow())
                .isCloseTo(Math.exp((-3.044425 - 2.581889 - 2.546898 - 2.586856) / 4), within(1e-12));
        assertThat(apple.scores().mask().orElseThrow())
                .isCloseTo(
                        Math.exp(LOG_PROBABILITIES.subList(4, 20).stream()
                                        .mapToDouble(Double::doubleValue)
                                        .sum()
                                / 16),
                        within(1e-12));
        assertThat(apple.score()).isEqualTo(apple.scores().label().orElseThrow());
    }

    @Test
    void aScoreOverBoxAndLabelIsTheMeanOfFiveLogProbabilities() throws IOException {
        rules = with(Score.BOX_LABEL);

        DetectedObject apple = answer("segment apple", new ModelText(APPLE, IDS, LOG_PROBABILITIES, Optional.empty()))
                .objects()
                .get(0);

        assertThat(apple.score())
                .isCloseTo(Math.exp((-3.044425 - 2.581889 - 2.546898 - 2.586856 - 0.000113) / 5), within(1e-12));
    }

    @Test
    void tokensThatDoNotSpellTheTextGiveNoScoreAndADefect() throws IOException {
        Answer answer = answer("detect mug", new ModelText(MUG, IDS, LOG_PROBABILITIES, Optional.empty()));

        assertThat(answer.objects()).extracting(DetectedObject::score).containsExactly(1.0);
        assertThat(codes(answer)).isEqualTo("tokens-mismatch");
    }

    @Test
    void exactRepeatsGoAndAreCounted() throws IOException {
        Answer answer = answer("detect mug ; star", text(MUG, STAR, MUG, MUG));

        assertThat(answer.objects()).extracting(DetectedObject::label).containsExactly("mug", "star");
        assertThat(codes(answer)).isEqualTo("object-repeated object-repeated");
    }

    @Test
    void reversedBoxesAreDroppedPutInOrderOrKeptByRule() throws IOException {
        ModelText reversed = text("<loc0500><loc0100><loc0100><loc0500> mug");

        assertThat(answer("detect mug", reversed).objects()).isEmpty();
        assertThat(codes(answer("detect mug", reversed))).isEqualTo("box-reversed");
        rules = with(Corners.REORDER);
        Box ordered = answer("detect mug", reversed).objects().get(0).box();
        assertThat(ordered.y()).isCloseTo(100 / 1023.0 * 240, within(1e-12));
        assertThat(ordered.height()).isCloseTo(400 / 1023.0 * 240, within(1e-12));
        rules = with(Corners.KEEP);
        assertThat(answer("detect mug", reversed).objects().get(0).box().height())
                .isNegative();
    }

    @Test
    void labelsOutsideThePromptAreFlaggedOrDropped() throws IOException {
        Answer flagged = answer("detect star", text(MUG, STAR));

        assertThat(flagged.objects()).extracting(DetectedObject::label).containsExactly("mug", "star");
        assertThat(codes(flagged)).isEqualTo("label-unasked");
        rules = with(Unasked.DROP);
        assertThat(answer("detect star", text(MUG, STAR)).objects())
                .extracting(DetectedObject::label)
                .containsExactly("star");
    }

    @Test
    void labelsAreMappedAsFarAsAllowedAndTiesAreRefused() throws IOException {
        ModelText text = text(MUG.replace("mug", "MUG."), STAR.replace("star", "stars"));

        assertThat(codes(answer("detect mug ; star", text))).isEqualTo("label-unasked label-unasked");
        rules = with(new AnswerRules.Labels(List.of(), Leniency.NORMALISED, 0.8));
        assertThat(codes(answer("detect mug ; star", text))).isEqualTo("label-mapped label-unasked");
        rules = with(new AnswerRules.Labels(List.of(), Leniency.FUZZY, 0.8));
        assertThat(answer("detect mug ; star", text).objects())
                .extracting(DetectedObject::label)
                .containsExactly("mug", "star");
        rules = with(new AnswerRules.Labels(List.of("start", "stare"), Leniency.FUZZY, 0.8));
        assertThat(answer("", text(STAR)).defects())
                .containsExactly(new AnswerDefect("label-ambiguous", 37, "star -> [stare, start]"));
    }

    @Test
    void suppressionRemovesTheLessSureOfTwoOverlappingBoxesOfALabel() throws IOException {
        rules = with(new Suppression(Suppression.Method.NMS, 0.5, 0.5, Suppression.Shape.BOX));
        String shifted = "<loc0110><loc0100><loc0500><loc0500>";

        Answer answer = answer("", text(MUG, shifted + " mug", shifted + " star"));

        assertThat(answer.objects()).extracting(DetectedObject::label).containsExactly("mug", "star");
        assertThat(answer.defects()).containsExactly(new AnswerDefect("overlap-suppressed", 43, "mug"));
    }

    @Test
    void aCaptionHasNoObjectsAndNoDefects() throws IOException {
        assertThat(answer("caption en", ModelText.of("a mug ; and a star")))
                .isEqualTo(new Answer(Optional.of(SIZE), ModelText.of("a mug ; and a star"), List.of(), List.of()));
    }

    @Test
    void objectsOnAPictureOfUnknownSizeAreAFailureAndNothingElseIs() throws IOException {
        AnswerReader reader = reader();

        List<Prediction> read = reader.read(List.of(
                new AnswerReader.Asked("a.jpg", "detect mug", Optional.empty(), ModelText.of(MUG)),
                new AnswerReader.Asked("a.jpg", "detect star", Optional.empty(), ModelText.of(""))));

        assertThat(((Failure) read.get(0).outcome()).code()).isEqualTo("image-size-missing");
        assertThat(read.get(1).outcome()).isInstanceOf(Answer.class);
    }

    @Test
    void manyTextsAtOnceGiveWhatEachGivesAlone() throws IOException {
        List<AnswerReader.Asked> texts = new ArrayList<>();
        for (int i = 0; i < 150; i++) {
            String text = APPLE.replace("<seg034>", "<seg%03d>".formatted(i % 128)) + " ; " + MUG;
            texts.add(new AnswerReader.Asked(i + ".jpg", "", Optional.of(SIZE), ModelText.of(text)));
        }
        AnswerReader reader = reader();

        assertThat(reader.read(texts))
                .isEqualTo(texts.stream()
                        .map(text -> reader.read(List.of(text)).get(0))
                        .toList());
    }

    private Answer answer(String prefix, ModelText text) throws IOException {
        AnswerReader.Asked asked = new AnswerReader.Asked("scene_001001.jpg", prefix, Optional.of(SIZE), text);
        return (Answer) reader().read(List.of(asked)).get(0).outcome();
    }

    private AnswerReader reader() throws IOException {
        return new AnswerReader(MaskCodec.standIn(), rules, Optional.of(PaliGemmaTokenizer.standIn()));
    }

    private static ModelText text(String... objects) {
        return ModelText.of(String.join(" ; ", objects));
    }

    private static String codes(Answer answer) {
        return answer.defects().stream().map(AnswerDefect::code).collect(Collectors.joining(" "));
    }

    private AnswerRules with(Score score) {
        return new AnswerRules(
                rules.convention(), score, rules.corners(), rules.unasked(), rules.labels(), rules.suppression());
    }

    private AnswerRules with(Corners corners) {
        return new AnswerRules(
                rules.convention(), rules.score(), corners, rules.unasked(), rules.labels(), rules.suppression());
    }

    private AnswerRules with(Unasked unasked) {
        return new AnswerRules(
                rules.convention(), rules.score(), rules.corners(), unasked, rules.labels(), rules.suppression());
    }

    private AnswerRules with(AnswerRules.Labels labels) {
        return new AnswerRules(
                rules.convention(), rules.score(), rules.corners(), rules.unasked(), labels, rules.suppression());
    }

    private AnswerRules with(Suppression suppression) {
        return new AnswerRules(
                rules.convention(), rules.score(), rules.corners(), rules.unasked(), rules.labels(), suppression);
    }
}
