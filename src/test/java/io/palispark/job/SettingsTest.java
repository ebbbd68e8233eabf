package io.palispark.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsTest {

    private static final List<String> REQUIRED =
            List.of("input.annotations=a.json", "input.images=pictures", "output.path=rows");

    @TempDir
    Path folder;

    @Test
    void allProblemsAreReportedTogether() {
        ConfigException wrong = catchThrowableOfType(
                ConfigException.class,
                () -> PrepareConfig.read(
                        Optional.empty(),
                        List.of(
                                "order=zigzag",
                                "budget.tokens=many",
                                "split.ratios=[0.7,0.7,0.1]",
                                "codec.wieghts=x",
                                "convention.paste=sideways")));

        assertThat(wrong.problems())
                .anyMatch(problem -> problem.startsWith("order: 'zigzag' is not one of raster | area"))
                .anyMatch(problem -> problem.startsWith("budget.tokens: 'many' is not a whole number"))
                .anyMatch(problem -> problem.startsWith("split.ratios:"))
                .anyMatch(problem -> problem.startsWith("codec.wieghts: unknown key"))
                .anyMatch(problem -> problem.startsWith("convention:"))
                .anyMatch(problem -> problem.startsWith("input.annotations: required"))
                .anyMatch(problem -> problem.startsWith("output.path: required"));
    }

    @Test
    void anOverrideWinsOverTheFileAndTheFileOverTheDefault() throws IOException {
        Path file = Files.writeString(folder.resolve("my.conf"), "budget.tokens = 100\norder = area\n");

        PrepareConfig config = PrepareConfig.read(
                Optional.of(file),
                java.util.stream.Stream.concat(REQUIRED.stream(), java.util.stream.Stream.of("budget.tokens=200"))
                        .toList());

        assertThat(config.budget().tokens().tokens()).isEqualTo(200);
        assertThat(config.order().objects()).isEqualTo(io.palispark.dataset.ObjectOrder.AREA);
        assertThat(config.codec().batch()).isEqualTo(64);
    }

    @Test
    void secretsAreInNoManifest() {
        String json = Settings.of(
                        "redaction",
                        Optional.empty(),
                        List.of(
                                "token=hidden-1",
                                "store.api-key=hidden-2",
                                "store.access_key=hidden-3",
                                "store.url=s3a://user:hidden-4@bucket/rows",
                                "store.mirrors=[\"https://user:hidden-5@host/a\", \"abfss://rows@account/b\"]",
                                "store.tokens=512",
                                "store.tokenizer=standin",
                                "keyword=shown"))
                .canonicalJson();

        assertThat(json)
                .doesNotContain("hidden")
                .contains("\"token\":\"redacted\"", "\"api-key\":\"redacted\"", "s3a://redacted@bucket/rows")
                .contains("https://redacted@host/a", "abfss://rows@account/b")
                .contains("512", "standin", "shown");
    }

    @Test
    void theDefaultsAreComplete() {
        PrepareConfig config = PrepareConfig.read(Optional.empty(), REQUIRED);

        assertThat(config.splitting().plan().ratios()).containsExactly(0.7, 0.2, 0.1);
        assertThat(config.convention()).isEqualTo(io.palispark.token.Convention.BIG_VISION);
        assertThat(config.limits().images().maximumBytes()).isEqualTo(256 << 20);
    }
}
