package io.palispark.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ProgressLineTest {

    @Test
    void saysHowFarAndHowLongStill() {
        assertThat(ProgressLine.text("prepare: Encode", 10, 40, Duration.ofMinutes(2), ""))
                .isEqualTo("prepare: Encode · 0:02:00 · 10 of 40 parts · about 0:06:00 left");
    }

    @Test
    void promisesNothingBeforeTheFirstPartIsDone() {
        assertThat(ProgressLine.text("prepare: Encode", 0, 40, Duration.ofSeconds(90), ""))
                .isEqualTo("prepare: Encode · 0:01:30 · 0 of 40 parts");
        assertThat(ProgressLine.text("prepare: Publish", 0, 0, Duration.ofHours(30), ""))
                .isEqualTo("prepare: Publish · 30:00:00");
    }

    @Test
    void saysHowFastTheWorkGoes() {
        assertThat(ProgressLine.text(
                        "generate: Generate", 1, 2, Duration.ofMinutes(2), "3.5 images/s · 120 tokens/s · 2 rejected"))
                .isEqualTo("generate: Generate · 0:02:00 · 1 of 2 parts · 3.5 images/s · 120 tokens/s · 2 rejected"
                        + " · about 0:02:00 left");
    }
}
