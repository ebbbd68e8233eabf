package io.palispark.image;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.palispark.SharedFolder;
import io.palispark.geometry.ImageSize;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BicubicResizeTest {

    private static final RgbDecoder DECODER = new RgbDecoder(ImageLimits.DEFAULT);

    @ParameterizedTest
    @CsvSource({"PILLOW_13, ", "PILLOW_12, expected-pillow-12.3.0.json", "PILLOW_11, expected-pillow-11.3.0.json"})
    void everyGoldenHasEqualBytes(PassOrder order, String changes) throws IOException {
        Path folder = SharedFolder.require("fixtures/image/resize");
        Map<String, String> expected = hashes(folder, changes);
        List<String> wrong = new ArrayList<>();
        for (JsonNode golden : json(folder, "expected.json").get("cases")) {
            String file = golden.get("file").asText();
            RgbImage source = source(folder, file);
            for (int side : new int[] {56, 224, 448}) {
                if (!sha256(new BicubicResize(order).toSquare(source, side).rgb())
                        .equals(expected.get(file + " " + side))) {
                    wrong.add(file + " " + side);
                }
            }
        }
        assertThat(expected).hasSize(144);
        assertThat(wrong).isEmpty();
    }

    @Test
    void everyGoldenHasEqualFloatBits() throws IOException {
        Path folder = SharedFolder.require("fixtures/image/resize");
        int compared = 0;
        for (JsonNode golden : json(folder, "expected.json").get("cases")) {
            RgbImage source = source(folder, golden.get("file").asText());
            for (int side : new int[] {56, 224, 448}) {
                RgbImage resized = new BicubicResize(PassOrder.PILLOW_13).toSquare(source, side);
                float[] values = Normalisation.RESCALE_THEN_NORMALISE.pixelValues(resized);
                ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
                bytes.asFloatBuffer().put(values);
                assertThat(sha256(bytes.array()))
                        .isEqualTo(golden.get("targets")
                                .get(String.valueOf(side))
                                .get("normalised_sha256")
                                .asText());
                compared++;
            }
        }
        assertThat(compared).isEqualTo(144);
    }

    @Test
    void bothTablesHaveTheProcessorsBits() throws IOException {
        JsonNode tables = json(SharedFolder.require("fixtures/image/resize"), "expected.json")
                .get("lut_float32_bits_hex");
        byte[] ramp = new byte[3 * 256];
        for (int i = 0; i < ramp.length; i++) {
            ramp[i] = (byte) (i / 3);
        }
        RgbImage image = new RgbImage(new ImageSize(1, 256), ramp);
        float[] slow = Normalisation.RESCALE_THEN_NORMALISE.pixelValues(image);
        float[] fast = Normalisation.FUSED.pixelValues(image);
        for (int i = 0; i < 256; i++) {
            assertThat(bits(slow[i])).isEqualTo(tables.get("slow").get(i).asText());
            assertThat(bits(fast[i])).isEqualTo(tables.get("fast").get(i).asText());
        }
    }

    @Test
    void aConstantPictureStaysConstant() {
        byte[] rgb = new byte[3 * 7 * 5];
        java.util.Arrays.fill(rgb, (byte) 200);
        RgbImage resized =
                new BicubicResize(PassOrder.PILLOW_13).to(new RgbImage(new ImageSize(7, 5), rgb), new ImageSize(11, 3));
        assertThat(resized.size()).isEqualTo(new ImageSize(11, 3));
        assertThat(resized.rgb()).containsOnly((byte) 200);
    }

    private static Map<String, String> hashes(Path folder, String changes) throws IOException {
        Map<String, String> hashes = new HashMap<>();
        for (JsonNode golden : json(folder, "expected.json").get("cases")) {
            golden.get("targets")
                    .fields()
                    .forEachRemaining(target -> hashes.put(
                            golden.get("file").asText() + " " + target.getKey(),
                            target.getValue().get("sha256").asText()));
        }
        if (changes != null) {
            for (JsonNode different : json(folder, changes).get("different")) {
                hashes.put(
                        different.get("file").asText() + " "
                                + different.get("target").asText(),
                        different.get("sha256").asText());
            }
        }
        return hashes;
    }

    private static RgbImage source(Path folder, String file) throws IOException {
        byte[] bytes = Files.readAllBytes(folder.resolve("sources/" + file));
        return ((DecodedImage) DECODER.decode(bytes, Frame.STORED)).pixels();
    }

    private static JsonNode json(Path folder, String file) throws IOException {
        return new ObjectMapper().readTree(folder.resolve(file).toFile());
    }

    private static String bits(float value) {
        return "%08x".formatted(Float.floatToRawIntBits(value));
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
