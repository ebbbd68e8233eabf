package io.palispark.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import io.palispark.dataset.LabelLint.Kind;
import io.palispark.dataset.LabelLint.Remark;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LabelLintTest {

    @Test
    void cleanNamesAreNotRemarkedOn() {
        assertThat(lint("cat", "car", "dining table", "potted plant")).isEmpty();
    }

    @Test
    void aSeparatorIsUnwritable() {
        assertThat(lint("cat;dog")).containsExactly(new Remark(Kind.UNWRITABLE, "cat;dog", "separator"));
    }

    @Test
    void namesThatDifferInCaseAndPunctuationAreOneClassSpelledTwice() {
        assertThat(lint("traffic light", "Traffic-Light"))
                .containsExactly(
                        new Remark(Kind.UPPER_CASE, "Traffic-Light", ""),
                        new Remark(Kind.SPELLED_TWICE, "traffic light", "Traffic-Light"));
    }

    @Test
    void aTypingErrorAndAPluralAreNamedWithTheNameTheyAreNear() {
        assertThat(lint("squirrel", "squirel", "butterfly", "box", "boxes"))
                .containsExactly(
                        new Remark(Kind.SINGULAR_AND_PLURAL, "boxes", "box"),
                        new Remark(Kind.ONE_LETTER_APART, "squirrel", "squirel"));
    }

    @Test
    void numberedClassesAreMeant() {
        assertThat(lint("player 1", "player 2", "player 12")).isEmpty();
    }

    @Test
    void manyNamesAreComparedWithoutComparingAllPairs() {
        List<String> labels = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            StringBuilder name = new StringBuilder("kind ");
            for (int rest = i * 7919; rest > 0; rest /= 26) {
                name.append((char) ('a' + rest % 26)).append('q');
            }
            labels.add(name.toString());
        }
        labels.addAll(List.of("hippopotamus", "hipopotamus"));

        assertThat(LabelLint.of(labels).remarks())
                .contains(new Remark(Kind.ONE_LETTER_APART, "hippopotamus", "hipopotamus"));
    }

    @Test
    void endlessNamesAreNotComparedLetterByLetter() {
        String endless = "a".repeat(200_000);

        assertThat(lint(endless, endless + "b", "squirrel", "squirel"))
                .containsExactly(new Remark(Kind.ONE_LETTER_APART, "squirrel", "squirel"));
    }

    private static List<Remark> lint(String... labels) {
        return LabelLint.of(List.of(labels)).remarks();
    }
}
