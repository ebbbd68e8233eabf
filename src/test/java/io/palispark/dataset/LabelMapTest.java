package io.palispark.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import io.palispark.annotation.Known;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LabelMapTest {

    @Test
    void labelsAreRenamedMergedAndDropped() {
        LabelMap map = LabelMap.parse(List.of(
                        "label,becomes", "auto,car", "automobile,car", "\"sign, stop\",stop sign", "", "clutter,"))
                .map();

        assertThat(map.name("auto")).contains("car");
        assertThat(map.name("automobile")).contains("car");
        assertThat(map.name("sign, stop")).contains("stop sign");
        assertThat(map.name("clutter")).isEmpty();
        assertThat(map.name("tree")).contains("tree");
    }

    @Test
    void whatIsUnclearIsRefusedWithItsLine() {
        assertThat(problems("from,to")).containsExactly("line 1: the header label,becomes is expected");
        assertThat(problems("label,becomes", "auto,car", "auto,van"))
                .containsExactly("line 3: 'auto' has a line before");
        assertThat(problems("label,becomes", "auto"))
                .containsExactly("line 2: a label and what it becomes are expected, with one comma between them");
        assertThat(problems("label,becomes", "auto,car", "car,vehicle"))
                .containsExactly(
                        "'auto' becomes 'car', which a line of its own changes to 'vehicle': name the last one in"
                                + " both lines");
    }

    @Test
    void aSpreadsheetsByteOrderMarkIsNoPartOfTheHeader() {
        assertThat(problems("\ufefflabel,becomes", "auto,car")).isEmpty();
    }

    @Test
    void aLabelMayBecomeItself() {
        assertThat(problems("label,becomes", "auto,car", "car,car")).isEmpty();
    }

    @Test
    void aMergedClassIsAbsentWhenAllItsLabelsAre() {
        LabelMap map = new LabelMap(Map.of("cat", "animal", "dog", "animal", "auto", "car"));

        assertThat(map.known(Known.of(List.of("auto", "cat", "tree"), List.of()))
                        .absent())
                .containsExactly("car", "tree");
        assertThat(map.known(Known.of(List.of("cat", "dog"), List.of())).absent())
                .containsExactly("animal");
        assertThat(map.known(Known.EVERYTHING).isAbsent("animal")).isTrue();
    }

    private static List<String> problems(String... lines) {
        return LabelMap.parse(List.of(lines)).problems();
    }
}
