package io.palispark.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SuffixWriterTest {

    private static final LocationBins BOX = new LocationBins(1, 22, 333, 1023);
    private static final SegmentationCodes CODES =
            SegmentationCodes.of(IntStream.range(112, 128).toArray());

    @Test
    void detectionWritesFourLocationsAndTheLabel() {
        SuffixWriter writer = new SuffixWriter(Convention.BIG_VISION);
        SuffixObject cat = new SuffixObject(BOX, Optional.empty(), "cat");
        assertThat(writer.write(List.of(cat, cat)))
                .isEqualTo("<loc0001><loc0022><loc0333><loc1023> cat ; <loc0001><loc0022><loc0333><loc1023> cat");
        assertThat(writer.write(List.of())).isEmpty();
    }

    @Test
    void theOfficialReferringSuffixHasNoBlankAndNoLabel() {
        SuffixWriter writer = new SuffixWriter(Convention.BIG_VISION);
        int compared = 0;
        for (JsonNode record : GoldenLines.subset("encode-boxes.jsonl")) {
            if (record.hasNonNull("suffix")) {
                String suffix = record.get("suffix").asText();
                int[] codes = IntStream.range(0, SegmentationCodes.COUNT)
                        .map(i -> record.get("codes").get(i).asInt())
                        .toArray();
                LocationBins bins = new LocationBins(bin(suffix, 0), bin(suffix, 1), bin(suffix, 2), bin(suffix, 3));
                assertThat(writer.write(new SuffixObject(bins, Optional.of(SegmentationCodes.of(codes)), "")))
                        .isEqualTo(suffix);
                compared++;
            }
        }
        assertThat(compared).isGreaterThan(80);
    }

    @Test
    void gapsAndSeparatorFollowTheConvention() {
        Convention loose = Convention.BIG_VISION
                .with(Map.of("before-segments", "space", "before-label", "none", "separator", "semicolon"))
                .orElseThrow();
        SuffixObject mask = new SuffixObject(BOX, Optional.of(CODES), "hot dog");
        assertThat(new SuffixWriter(loose).write(List.of(mask, mask)))
                .isEqualTo(BOX.text() + " " + CODES.text() + "hot dog;" + BOX.text() + " " + CODES.text() + "hot dog");
    }

    @Test
    void labelsThatWouldNotComeBackAreRefusedByReason() {
        assertThat(LabelProblem.of("hot dog")).isEmpty();
        assertThat(LabelProblem.of("men's shoe, <3")).isEmpty();
        assertThat(LabelProblem.of("a ; b")).contains(LabelProblem.SEPARATOR);
        assertThat(LabelProblem.of("cat <loc0001>")).contains(LabelProblem.TOKEN);
        assertThat(LabelProblem.of("<eos>")).contains(LabelProblem.TOKEN);
        assertThat(LabelProblem.of("two\nlines")).contains(LabelProblem.CONTROL_CHARACTER);
        assertThat(LabelProblem.of(" cat")).contains(LabelProblem.OUTER_SPACE);
        SuffixWriter writer = new SuffixWriter(Convention.BIG_VISION);
        assertThatThrownBy(() -> writer.write(new SuffixObject(BOX, Optional.empty(), "a;b")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a;b")
                .hasMessageContaining("SEPARATOR");
    }

    @Test
    void valuesOutsideTheVocabularyAreRefused() {
        assertThatThrownBy(() -> new LocationBins(0, 0, 1024, 0)).hasMessageContaining("1024");
        assertThatThrownBy(() -> SegmentationCodes.of(new int[15])).hasMessageContaining("15");
        assertThatThrownBy(() ->
                        SegmentationCodes.of(IntStream.rangeClosed(113, 128).toArray()))
                .hasMessageContaining("128");
        assertThat(SegmentationCodes.of(CODES.toArray())).isEqualTo(CODES).hasSameHashCodeAs(CODES);
        assertThat(TokenVocabulary.all()).hasSize(1152).startsWith("<loc0000>").endsWith("<seg127>");
    }

    private static int bin(String suffix, int index) {
        return Integer.parseInt(suffix.substring(index * 9 + 4, index * 9 + 8));
    }
}
