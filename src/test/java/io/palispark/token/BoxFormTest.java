package io.palispark.token;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class BoxFormTest {

    private static final LocationBins BUTTERFLY = new LocationBins(429, 22, 949, 592);

    @ParameterizedTest
    @CsvSource({
        "YXYX,   <loc0429><loc0022><loc0949><loc0592>",
        "XYXY,   <loc0022><loc0429><loc0592><loc0949>",
        "XYWH,   <loc0022><loc0429><loc0570><loc0520>",
        "CXCYWH, <loc0307><loc0689><loc0570><loc0520>"
    })
    void thePrimersButterflyInEachForm(BoxForm form, String tokens) {
        assertThat(form.text(BUTTERFLY)).isEqualTo(tokens);
    }

    @ParameterizedTest
    @EnumSource
    void aBoxComesBackFromItsTokensWhateverTheForm(BoxForm form) {
        Convention convention =
                Convention.BIG_VISION.with(Map.of("order", form.key())).orElseThrow();
        Random random = new Random(7);
        for (int i = 0; i < 2_000; i++) {
            int y1 = random.nextInt(1023);
            int x1 = random.nextInt(1023);
            LocationBins box =
                    new LocationBins(y1, x1, y1 + 1 + random.nextInt(1023 - y1), x1 + 1 + random.nextInt(1023 - x1));
            SuffixObject object = new SuffixObject(box, Optional.empty(), "squirrel");

            ParsedSuffix parsed =
                    SuffixParser.parse(new SuffixWriter(convention).write(object), Optional.empty(), form);

            assertThat(parsed.defects()).isEmpty();
            assertThat(parsed.objects()).isEqualTo(List.of(object));
        }
    }

    @Test
    void aWidthBeyondTheImageEndsAtItsEdgeAndIsADefect() {
        ParsedSuffix parsed =
                SuffixParser.parse("<loc0900><loc0100><loc0500><loc0200> squirrel", Optional.empty(), BoxForm.XYWH);

        assertThat(parsed.objects().get(0).box()).isEqualTo(new LocationBins(100, 900, 300, 1023));
        assertThat(parsed.defects())
                .singleElement()
                .satisfies(defect -> assertThat(defect.code()).isEqualTo(SuffixDefectCode.LOCATION_OUT_OF_RANGE));
    }
}
