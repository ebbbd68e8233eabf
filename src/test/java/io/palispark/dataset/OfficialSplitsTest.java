package io.palispark.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import io.palispark.dataset.OfficialSplits.Contamination;
import io.palispark.dataset.OfficialSplits.Use;
import io.palispark.dataset.SplitPlan.Place;
import io.palispark.dataset.SplitPlan.Split;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OfficialSplitsTest {

    @ParameterizedTest
    @CsvSource({
        "train2017, TRAIN",
        "Training, TRAIN",
        "restval, TRAIN",
        "val2014, VALIDATION",
        "dev, VALIDATION",
        "Validation, VALIDATION",
        "testA, TEST",
        "test-dev2015, TEST",
        "'train,val', VALIDATION",
        "'testB,train', TEST",
    })
    void namesOfPublishedSplitsMeanASide(String stated, Split side) {
        assertThat(OfficialSplits.side(stated)).contains(side);
    }

    @ParameterizedTest
    @CsvSource({"unlabeled2017", "challenge", "''", "trainval"})
    void otherNamesMeanNone(String stated) {
        assertThat(OfficialSplits.side(stated)).isEqualTo(Optional.empty());
    }

    @Test
    void aStatedSideGoesBeforeTheRatios() {
        SplitPlan plan = plan(Map.of());

        for (int picture = 0; picture < 100; picture++) {
            assertThat(plan.place(picture + ".jpg", "", "val").split()).isEqualTo(Split.VALIDATION);
            assertThat(plan.place(picture + ".jpg", "", "").split()).isEqualTo(plan.split(picture + ".jpg"));
        }
    }

    @Test
    void aGroupThatIsHeldOutContaminatesTraining() {
        SplitPlan plan = plan(Map.of("scene 1", Split.TEST));

        assertThat(plan.place("a.jpg", "scene 1", "train")).isEqualTo(new Place("scene 1", Split.TRAIN, true));
        assertThat(plan.place("b.jpg", "scene 1", "test")).isEqualTo(new Place("scene 1", Split.TEST, false));
        assertThat(plan.place("c.jpg", "scene 1", "")).isEqualTo(new Place("scene 1", Split.TEST, false));
        assertThat(plan.place("d.jpg", "scene 2", "train")).isEqualTo(new Place("scene 2", Split.TRAIN, false));
    }

    private static SplitPlan plan(Map<String, Split> joined) {
        return new SplitPlan(List.of(0.7, 0.2, 0.1), null, 0, Map.of())
                .withOfficial(new OfficialSplits(Use.KEEP, Contamination.REMOVE, joined));
    }
}
