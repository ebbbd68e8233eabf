package io.palispark.image;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.palispark.SharedFolder;
import io.palispark.geometry.ImageSize;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageProbeTest {

    private static final ImageProbe PROBE = new ImageProbe(ImageLimits.DEFAULT);

    @ParameterizedTest
    @CsvSource({
        "baseline-420.jpg, JPEG, 45, 61, 1",
        "orientation-6.jpg, JPEG, 61, 45, 6",
        "orientation-6.png, PNG, 61, 45, 6",
        "palette.gif, GIF, 45, 61, 1",
        "rgba32.bmp, BMP, 45, 61, 1",
        "lzw.tif, TIFF, 45, 61, 1",
        "lossless.webp, WEBP, 45, 61, 1"
    })
    void readsTheHeaderOfEveryFormat(String file, ImageFormat format, int height, int width, int orientation)
            throws IOException {
        assertThat(facts(file).format()).isEqualTo(format);
        assertThat(facts(file).storedSize()).isEqualTo(new ImageSize(height, width));
        assertThat(facts(file).orientation()).isEqualTo(orientation);
    }

    @ParameterizedTest
    @CsvSource({
        "truncated-half.jpg, TRUNCATED",
        "bad-crc.png, DAMAGED",
        "zero-height.jpg, DAMAGED",
        "bomb-30000x30000.png, TOO_MANY_PIXELS",
        "page.jpg, NOT_AN_IMAGE"
    })
    void refusesWithATypedFault(String file, ImageFault.Kind kind) throws IOException {
        assertThat(PROBE.inspect(TestImages.bytes(file)))
                .isInstanceOfSatisfying(
                        ImageFault.class, fault -> assertThat(fault.kind()).isEqualTo(kind));
    }

    @ParameterizedTest
    @ValueSource(strings = {"baseline-420.jpg", "orientation-6.png", "lossless.webp", "lzw.tif", "rgba32.bmp"})
    void everyPrefixOfAFileIsRefused(String file) throws IOException {
        byte[] whole = TestImages.bytes(file);
        for (int length = 0; length < whole.length; length += 7) {
            assertThat(PROBE.inspect(Arrays.copyOf(whole, length)))
                    .as("%s cut to %d of %d bytes", file, length, whole.length)
                    .isInstanceOf(ImageFault.class);
        }
    }

    @Test
    void aGifCutInsideItsFrameIsRefusedAndOneWithoutTrailerIsFlagged() throws IOException {
        byte[] whole = TestImages.bytes("palette.gif");
        assertThat(PROBE.inspect(Arrays.copyOf(whole, whole.length / 2))).isInstanceOf(ImageFault.class);
        assertThat(PROBE.inspect(Arrays.copyOf(whole, whole.length - 1)))
                .isInstanceOfSatisfying(
                        ImageFacts.class,
                        facts -> assertThat(facts.warnings()).containsExactly(ImageWarning.END_MARKER_MISSING));
    }

    @Test
    void trailingBytesAreFlagged() throws IOException {
        byte[] whole = TestImages.bytes("baseline-420.jpg");
        assertThat(PROBE.inspect(Arrays.copyOf(whole, whole.length + 3)))
                .isInstanceOfSatisfying(
                        ImageFacts.class,
                        facts -> assertThat(facts.warnings()).containsExactly(ImageWarning.TRAILING_BYTES));
    }

    @Test
    void limitsAreCheckedBeforeTheBodyIsLookedAt() throws IOException {
        ImageProbe strict = new ImageProbe(new ImageLimits(45 * 61 - 1, 1 << 20));
        assertThat(strict.inspect(TestImages.bytes("truncated-half.jpg")))
                .isInstanceOfSatisfying(
                        ImageFault.class, fault -> assertThat(fault.kind()).isEqualTo(ImageFault.Kind.TOO_MANY_PIXELS));
    }

    @Test
    void aStreamIsReadUpToTheLimitAndNotBeyond() throws IOException {
        ImageLimits limits = new ImageLimits(100, 10);
        assertThat(ImageContent.read(new ByteArrayInputStream(new byte[10]), limits))
                .isEqualTo(new ImageContent(new byte[10]));
        assertThat(ImageContent.read(new ByteArrayInputStream(new byte[11]), limits))
                .isInstanceOfSatisfying(
                        ImageFault.class, fault -> assertThat(fault.kind()).isEqualTo(ImageFault.Kind.TOO_MANY_BYTES));
    }

    @ParameterizedTest
    @CsvSource({
        "'version https://git-lfs.github.com/spec/v1', NOT_AN_IMAGE, Git LFS",
        "'<?xml version=\"1.0\"?><svg/>', UNSUPPORTED_FORMAT, SVG",
        "'....ftypavif....', UNSUPPORTED_FORMAT, AVIF",
        "'8BPS..', UNSUPPORTED_FORMAT, Photoshop",
        "'', EMPTY_FILE, no bytes"
    })
    void namesWhatItFoundInstead(String content, ImageFault.Kind kind, String detail) {
        assertThat(PROBE.inspect(content.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1)))
                .isInstanceOfSatisfying(ImageFault.class, fault -> {
                    assertThat(fault.kind()).isEqualTo(kind);
                    assertThat(fault.detail()).contains(detail);
                });
    }

    @Test
    void mutatedFilesNeverThrow() throws IOException {
        SplittableRandom random = new SplittableRandom(20260);
        for (String file : TestImages.READABLE) {
            byte[] whole = TestImages.bytes(file);
            for (int i = 0; i < Integer.getInteger("fuzz.count", 2_000) / TestImages.READABLE.size(); i++) {
                byte[] mutated = whole.clone();
                for (int k = 0; k <= random.nextInt(4); k++) {
                    mutated[random.nextInt(Math.min(mutated.length, 400))] = (byte) random.nextInt();
                }
                assertThat(PROBE.inspect(mutated)).isNotNull();
            }
        }
    }

    @Test
    void agreesWithEveryVerdictOfTheGoldenFolder() throws IOException {
        Path folder = SharedFolder.require("fixtures/image/decode");
        JsonNode cases = new ObjectMapper()
                .readTree(folder.resolve("expected.json").toFile())
                .get("cases");
        List<String> wrong = new ArrayList<>();
        for (JsonNode golden : cases) {
            String file = golden.get("file").asText();
            String found = verdict(PROBE.inspect(Files.readAllBytes(folder.resolve("files/" + file))));
            String expected = golden.get("verdict").asText().equals("depends on the limit")
                    ? "ok PNG 9000x9000 1"
                    : expected(golden);
            if (!found.equals(expected)) {
                wrong.add(file + ": " + expected + " but found " + found);
            }
        }
        assertThat(cases).hasSize(60);
        assertThat(wrong).isEmpty();
    }

    private static String expected(JsonNode golden) {
        if (!golden.get("verdict").asText().equals("ok")) {
            return golden.get("verdict").asText();
        }
        int tag = golden.get("exif_orientation").asInt();
        return "ok " + golden.get("format").asText() + " "
                + golden.get("height").asInt() + "x" + golden.get("width").asInt() + " " + (tag > 8 ? 1 : tag);
    }

    private static String verdict(ImageInspection inspection) {
        if (inspection instanceof ImageFacts facts) {
            return "ok " + facts.format() + " " + facts.storedSize() + " " + facts.orientation();
        }
        return ((ImageFault) inspection).kind().code();
    }

    private static ImageFacts facts(String file) throws IOException {
        return (ImageFacts) PROBE.inspect(TestImages.bytes(file));
    }
}
