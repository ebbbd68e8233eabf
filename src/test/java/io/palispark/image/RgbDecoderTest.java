package io.palispark.image;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.palispark.SharedFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class RgbDecoderTest {

    private static final RgbDecoder DECODER = new RgbDecoder(ImageLimits.DEFAULT);
    /** The one kind that TwelveMonkeys does not decode as libwebp does. */
    private static final Set<String> LOSSY_WEBP = Set.of("lossy.webp", "lossy-alpha.webp");

    @Test
    void everyReadableGoldenHasPillowsBytesStoredAndUpright() throws IOException {
        Path folder = SharedFolder.require("fixtures/image/decode");
        List<String> wrong = new ArrayList<>();
        int equal = 0;
        for (JsonNode golden : cases(folder)) {
            String file = golden.get("file").asText();
            if (!golden.get("verdict").asText().equals("ok") || LOSSY_WEBP.contains(file)) {
                continue;
            }
            byte[] bytes = Files.readAllBytes(folder.resolve("files/" + file));
            String stored = sha256(DECODER.decode(bytes, Frame.STORED));
            String upright = sha256(DECODER.decode(bytes, Frame.UPRIGHT));
            if (stored.equals(golden.get("rgb_sha256").asText())
                    && upright.equals(golden.get("upright_sha256").asText())) {
                equal++;
            } else {
                wrong.add(file + " " + stored);
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(equal).isEqualTo(43);
    }

    @Test
    void everyResizeSourceHasPillowsBytes() throws IOException {
        Path folder = SharedFolder.require("fixtures/image/resize");
        List<String> wrong = new ArrayList<>();
        for (JsonNode golden : cases(folder)) {
            byte[] bytes = Files.readAllBytes(
                    folder.resolve("sources/" + golden.get("file").asText()));
            String found = sha256(DECODER.decode(bytes, Frame.STORED));
            if (!found.equals(golden.get("rgb_sha256").asText())) {
                wrong.add(golden.get("file").asText() + " " + found);
            }
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void damagedScansAreKeptWithAWarning() throws IOException {
        DecodedImage image = (DecodedImage) DECODER.decode(TestImages.bytes("damaged-scan.jpg"), Frame.STORED);
        assertThat(image.warnings()).containsExactly(ImageWarning.DAMAGED_DATA);
    }

    @Test
    void cmykOfAdobeIsPillowsFormula() throws IOException {
        assertThat(sha256(DECODER.decode(TestImages.bytes("cmyk-adobe.jpg"), Frame.STORED)))
                .startsWith("62a236");
    }

    @Test
    void mutatedFilesNeverThrow() throws IOException {
        SplittableRandom random = new SplittableRandom(20261);
        RgbDecoder strict = new RgbDecoder(new ImageLimits(1 << 20, 1 << 20));
        for (String file : TestImages.READABLE) {
            byte[] whole = TestImages.bytes(file);
            for (int i = 0; i < Integer.getInteger("fuzz.count", 1_600) / TestImages.READABLE.size(); i++) {
                byte[] mutated = whole.clone();
                for (int k = 0; k <= random.nextInt(3); k++) {
                    mutated[random.nextInt(mutated.length)] = (byte) random.nextInt();
                }
                assertThat(strict.decode(mutated, Frame.UPRIGHT)).isNotNull();
            }
        }
    }

    @Test
    void lossyWebpIsApproximateAndSaysSo() throws IOException {
        Path folder = SharedFolder.require("fixtures/image/decode");
        for (String file : LOSSY_WEBP) {
            DecodedImage image =
                    (DecodedImage) DECODER.decode(Files.readAllBytes(folder.resolve("files/" + file)), Frame.STORED);
            assertThat(image.warnings()).contains(ImageWarning.PIXELS_APPROXIMATE);
            byte[] found = image.pixels().rgb();
            byte[] expected = pixels(Files.readAllBytes(folder.resolve("expected/" + file + ".png")));
            long sum = 0;
            int most = 0;
            for (int i = 0; i < expected.length; i++) {
                int difference = Math.abs((found[i] & 0xFF) - (expected[i] & 0xFF));
                sum += difference;
                most = Math.max(most, difference);
            }
            assertThat((double) sum / expected.length)
                    .as("%s, most %d", file, most)
                    .isLessThan(10.0);
        }
    }

    private static byte[] pixels(byte[] bytes) {
        return ((DecodedImage) DECODER.decode(bytes, Frame.STORED)).pixels().rgb();
    }

    private static JsonNode cases(Path folder) throws IOException {
        return new ObjectMapper()
                .readTree(folder.resolve("expected.json").toFile())
                .get("cases");
    }

    private static String sha256(Decoding decoding) {
        if (decoding instanceof DecodedImage image) {
            try {
                return HexFormat.of()
                        .formatHex(MessageDigest.getInstance("SHA-256")
                                .digest(image.pixels().rgb()));
            } catch (NoSuchAlgorithmException impossible) {
                throw new IllegalStateException(impossible);
            }
        }
        return decoding.toString();
    }
}
