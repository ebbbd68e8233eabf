package io.palispark.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.palispark.dataset.CaptionSample.Caption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CaptionSimilarityTest {

    @Test
    void thePrimersLocationAnswersShareMostOfTheirWords() {
        CaptionSimilarity similarity = similarity(
                "the object is in the top-right of the image", "the object is in the bottom-left of the image");

        assertThat(similarity.worst())
                .singleElement()
                .satisfies(pair -> assertThat(pair.share()).isCloseTo(0.8, within(1e-12)));
        assertThat(similarity.largelySimilarPairs()).isEqualTo(1);
    }

    @Test
    void thePrimersWordsThatAllAnswersHaveAreNamed() {
        CaptionSimilarity similarity = similarity(
                "the object is in the top-right of the image",
                "the object is in the bottom-left of the image",
                "the object is in the middle of the image");

        assertThat(similarity.commonShare()).isCloseTo((0.8 + 0.8 + 8 / 9.0) / 3, within(1e-12));
        assertThat(similarity.commonWords()).containsExactly("image", "in", "is", "object", "of", "the");
        assertThat(similarity("a cat", "two dogs").commonShare()).isZero();
    }

    @Test
    void wordsCountAsOftenAsTheyAreWritten() {
        assertThat(similarity("a cat, a dog", "a cat").meanShare()).isCloseTo(2 * 2 / 6.0, within(1e-12));
    }

    @Test
    void captionsWithoutACommonWordShareNothing() {
        CaptionSimilarity similarity = similarity("two people are running", "a neon sign");

        assertThat(similarity.meanShare()).isZero();
        assertThat(similarity.histogram()).startsWith(1L).hasSize(10);
        assertThat(similarity.largelySimilarPairs()).isZero();
    }

    @Test
    void aTextThatComesAgainIsCountedAndNotNamedAsAPair() {
        CaptionSimilarity similarity = similarity("a red mug", "a red mug", "a blue mug");

        assertThat(similarity.repeated()).isEqualTo(1);
        assertThat(similarity.worst())
                .singleElement()
                .satisfies(pair -> assertThat(
                                List.of(pair.first().text(), pair.second().text()))
                        .containsExactlyInAnyOrder("a red mug", "a blue mug"));
    }

    @Test
    void oneCaptionAndNoneHaveNoPairs() {
        assertThat(similarity().meanShare()).isZero();
        assertThat(similarity("a cat").largelySimilarPairs()).isZero();
    }

    @Test
    void theSampleDependsNeitherOnTheOrderNorOnTheParts() {
        List<Caption> captions = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            captions.add(new Caption(i + ".jpg", "a " + i % 7 + " on a " + i % 11));
        }
        CaptionSample whole = new CaptionSample(50);
        captions.forEach(whole::add);
        Collections.shuffle(captions, new Random(5));
        CaptionSample left = new CaptionSample(50);
        captions.subList(0, 123).forEach(left::add);
        CaptionSample right = new CaptionSample(50);
        captions.subList(123, 500).forEach(right::add);
        left.addAll(right);

        assertThat(left.captions()).hasSize(50).isEqualTo(whole.captions());
        assertThat(CaptionSimilarity.of(left, 5)).isEqualTo(CaptionSimilarity.of(whole, 5));
        assertThat(left.seen()).isEqualTo(500);
    }

    private static CaptionSimilarity similarity(String... texts) {
        CaptionSample sample = new CaptionSample(100);
        for (int i = 0; i < texts.length; i++) {
            sample.add(new Caption(i + ".jpg", texts[i]));
        }
        return CaptionSimilarity.of(sample, 10);
    }
}
