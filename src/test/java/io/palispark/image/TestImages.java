package io.palispark.image;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/** The small pictures in the test resources, a part of the golden folder. */
final class TestImages {

    static final List<String> READABLE = List.of(
            "baseline-420.jpg",
            "orientation-6.jpg",
            "orientation-6.png",
            "palette.gif",
            "rgba32.bmp",
            "lzw.tif",
            "lossless.webp",
            "cmyk-adobe.jpg");

    private TestImages() {}

    static byte[] bytes(String file) throws IOException {
        try (InputStream stream = TestImages.class.getResourceAsStream(file)) {
            return stream.readAllBytes();
        }
    }
}
