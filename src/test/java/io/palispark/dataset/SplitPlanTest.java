package io.palispark.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import io.palispark.dataset.SplitPlan.Split;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class SplitPlanTest {

    private static SplitPlan plan(Pattern pattern, Map<String, String> clusters) {
        return new SplitPlan(List.of(0.7, 0.2, 0.1), pattern, 0, clusters);
    }

    @Test
    void sharesFollowTheRatios() {
        EnumMap<Split, Integer> counts = new EnumMap<>(Split.class);
        for (int picture = 0; picture < 20_000; picture++) {
            counts.merge(plan(null, Map.of()).split("picture-" + picture), 1, Integer::sum);
        }

        assertThat(counts.get(Split.TRAIN)).isBetween(13_700, 14_300);
        assertThat(counts.get(Split.VALIDATION)).isBetween(3_800, 4_200);
        assertThat(counts.get(Split.TEST)).isBetween(1_850, 2_150);
    }

    @Test
    void framesOfOneVideoShareAGroup() {
        SplitPlan byVideo = plan(Pattern.compile("^(video\\d+)_"), Map.of());

        assertThat(byVideo.group("video12_0001.jpg", "")).isEqualTo("video12");
        assertThat(byVideo.group("video12_0002.jpg", "")).isEqualTo("video12");
        assertThat(byVideo.group("other.jpg", "")).isEqualTo("other.jpg");
    }

    @Test
    void nearDuplicatesJoinWholeGroups() {
        SplitPlan joined = plan(Pattern.compile("^(video\\d+)_"), Map.of("video12", "video11"));

        assertThat(joined.group("video12_0001.jpg", "")).isEqualTo("video11");
    }
}
