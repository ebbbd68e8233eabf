package io.palispark.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.palispark.dataset.SplitPlan.Split;
import io.palispark.paligemma.PaliGemmaTokenizer;
import io.palispark.token.Convention;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class GuardrailNumbersTest {

    private static final TokenCounter ONE_TOKEN_NAMES = text -> (int) text.replaceAll("<[a-z]+\\d+>", "x")
            .chars()
            .filter(c -> c == 'x' || c == ';' || c == '#')
            .count();

    @Test
    void aNameOfOneTokenHasThePrimersRoom() {
        ObjectCapacity room = ObjectCapacity.of("#", ONE_TOKEN_NAMES, Convention.BIG_VISION, 256);

        assertThat(room).isEqualTo(new ObjectCapacity("#", 6, 22, 42, 11));
    }

    @Test
    void aLongNameTakesRoomAway() {
        ObjectCapacity room = ObjectCapacity.of("##########", ONE_TOKEN_NAMES, Convention.BIG_VISION, 256);

        assertThat(room).isEqualTo(new ObjectCapacity("##########", 15, 31, 17, 8));
    }

    @Test
    void whatIsSaidToFitFitsAndOneMoreDoesNot() throws IOException {
        TokenCounter counter = PaliGemmaTokenizer.standIn()::count;
        ObjectCapacity room = ObjectCapacity.of("hexagon", counter, Convention.BIG_VISION, 100);
        String box = "<loc0000><loc0000><loc0001><loc0001> hexagon";

        String full = String.join(" ; ", java.util.Collections.nCopies(room.boxes(), box));
        assertThat(counter.count(full) + 1).isLessThanOrEqualTo(100);
        assertThat(counter.count(full + " ; " + box) + 1).isGreaterThan(100);
    }

    @Test
    void evenClassesAreEvenAndOthersAreMeasured() {
        assertThat(balance(Map.of("cat", 30L, "dog", 30L)).evenness()).isCloseTo(1, within(1e-12));
        ClassBalance uneven = balance(Map.of("cat", 90L, "dog", 10L));
        assertThat(uneven.imbalance()).isEqualTo(9);
        assertThat(uneven.evenness()).isCloseTo(0.469, within(1e-3));
    }

    @Test
    void classesThatTrainingHardlySeesAreNamed() {
        ClassBalance balance = ClassBalance.of(Map.of(
                Split.TRAIN, Map.of("cat", 90L, "dog", 3L),
                Split.TEST, Map.of("cat", 4L, "owl", 2L)));

        assertThat(balance.rare()).containsExactly("dog");
        assertThat(balance.unlearned()).containsExactly("owl");
    }

    @Test
    void quantilesAreLengthsThatRowsHave() {
        TreeMap<Integer, Long> rows = new TreeMap<>(Map.of(10, 50L, 20, 45L, 30, 4L, 400, 1L));

        assertThat(RowQuantiles.of(rows)).isEqualTo(new RowQuantiles(100, 10, 20, 30, 400));
        assertThat(RowQuantiles.of(new TreeMap<>())).isEqualTo(new RowQuantiles(0, 0, 0, 0, 0));
    }

    @Test
    void thePrimersOwnSettingGivesThePrimersBatch() {
        long t4 = 16L << 30;
        assertThat(new TrainingMemory(t4, 224).batch(128)).isEqualTo(8);
        assertThat(new TrainingMemory(t4, 896).batch(128)).isZero();
        assertThat(new TrainingMemory(80L << 30, 448).pictureTokens()).isEqualTo(1024);
        assertThat(new TrainingMemory(6L << 30, 224).batch(128)).isZero();
    }

    private static ClassBalance balance(Map<String, Long> train) {
        return ClassBalance.of(Map.of(Split.TRAIN, train));
    }
}
