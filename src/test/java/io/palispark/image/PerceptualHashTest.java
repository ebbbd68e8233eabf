package io.palispark.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.palispark.SharedFolder;
import io.palispark.geometry.ImageSize;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PerceptualHashTest {

    private static final RgbDecoder DECODER = new RgbDecoder(ImageLimits.DEFAULT);

    @Test
    void onlyTheReencodedPairOfTheDemoCorpusIsNear() throws IOException {
        TreeMap<String, PerceptualHash> hashes = new TreeMap<>();
        try (Stream<Path> files = Files.list(SharedFolder.require("demo/corpus/images"))) {
            for (Path file : files.toList()) {
                hashes.put(file.getFileName().toString(), PerceptualHash.of(pixels(Files.readAllBytes(file))));
            }
        }
        List<String> near = new ArrayList<>();
        int nearestOther = 64;
        for (String first : hashes.keySet()) {
            for (String second : hashes.tailMap(first, false).keySet()) {
                int distance = hashes.get(first).hammingDistance(hashes.get(second));
                if (distance <= PerceptualHash.DEFAULT_DISTANCE) {
                    near.add(first + " " + second);
                } else {
                    nearestOther = Math.min(nearestOther, distance);
                }
            }
        }
        assertThat(hashes).hasSize(96);
        assertThat(near).containsExactly("scene_001050.jpg scene_001659.jpg");
        assertThat(nearestOther).isGreaterThan(2 * PerceptualHash.DEFAULT_DISTANCE);
    }

    @Test
    void survivesScalingAndBrightening() throws IOException {
        RgbImage original = pixels(TestImages.bytes("baseline-420.jpg"));
        RgbImage doubled = new BicubicResize(PassOrder.PILLOW_13).to(original, new ImageSize(90, 122));
        byte[] brighter = original.rgb().clone();
        for (int i = 0; i < brighter.length; i++) {
            brighter[i] = (byte) Math.min(255, (brighter[i] & 0xFF) + 8);
        }
        PerceptualHash hash = PerceptualHash.of(original);
        assertThat(hash.hammingDistance(PerceptualHash.of(doubled))).isLessThanOrEqualTo(2);
        assertThat(hash.hammingDistance(PerceptualHash.of(new RgbImage(original.size(), brighter))))
                .isLessThanOrEqualTo(2);
    }

    @Test
    void aMirroredPictureIsFar() throws IOException {
        RgbImage original = pixels(TestImages.bytes("baseline-420.jpg"));
        assertThat(PerceptualHash.of(original).hammingDistance(PerceptualHash.of(original.upright(2))))
                .isGreaterThan(16);
    }

    private static RgbImage pixels(byte[] bytes) {
        return ((DecodedImage) DECODER.decode(bytes, Frame.UPRIGHT)).pixels();
    }
}
