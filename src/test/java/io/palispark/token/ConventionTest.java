package io.palispark.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConventionTest {

    @Test
    void theDefaultNamesEveryRuleOfBigVision() {
        assertThat(Convention.BIG_VISION.text())
                .isEqualTo("bins=1023,rounding=half-even-float32,range=clipped,order=yxyx,separator=spaced-semicolon,"
                        + "before-segments=none,before-label=space,crop=rounded-float32,"
                        + "resize=antialiased-bilinear-64-soft,paste=floored");
    }

    @Test
    void aManifestFormReadsBack() {
        Convention other = Convention.BIG_VISION
                .with(Map.of("bins", "1024", "paste", "rounded", "separator", "semicolon"))
                .orElseThrow();
        assertThat(Convention.parse(other.toMap()).orElseThrow()).isEqualTo(other);
        assertThat(other).isNotEqualTo(Convention.BIG_VISION);
    }

    @Test
    void everyProblemIsReportedAtOnce() {
        Convention.Reading reading =
                Convention.BIG_VISION.with(Map.of("bins", "1000", "order", "xxyy", "colour", "red"));
        assertThat(reading.problems())
                .hasSize(3)
                .anyMatch(problem -> problem.contains("convention.bins = 1000 is unknown; it is one of 1023, 1024"))
                .anyMatch(problem -> problem.contains("convention.order = xxyy"))
                .anyMatch(problem -> problem.contains("convention.colour is not a setting"));
        assertThatThrownBy(reading::orElseThrow)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("1000")
                .hasMessageContaining("xxyy")
                .hasMessageContaining("colour");
    }

    @Test
    void aManifestThatLacksARuleIsRefused() {
        Map<String, String> map = new HashMap<>(Convention.BIG_VISION.toMap());
        map.remove("paste");
        assertThat(Convention.parse(map).problems()).containsExactly("convention.paste is missing");
    }

    @Test
    void differencesNameBothSides() {
        Convention other = Convention.BIG_VISION
                .with(Map.of("paste", "rounded", "bins", "1024"))
                .orElseThrow();
        assertThat(Convention.BIG_VISION.differencesTo(other))
                .containsExactly("bins: 1023 here, 1024 there", "paste: floored here, rounded there");
        assertThat(other.differencesTo(other)).isEmpty();
    }

    @Test
    void itTravelsBetweenProcesses() throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(Convention.BIG_VISION);
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            assertThat(in.readObject()).isEqualTo(Convention.BIG_VISION);
        }
    }
}
