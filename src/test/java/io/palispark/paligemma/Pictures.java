package io.palispark.paligemma;

import static org.assertj.core.api.Assertions.assertThat;

import io.palispark.image.BicubicResize;
import io.palispark.image.DecodedImage;
import io.palispark.image.Decoding;
import io.palispark.image.Frame;
import io.palispark.image.ImageLimits;
import io.palispark.image.Normalisation;
import io.palispark.image.PassOrder;
import io.palispark.image.RgbDecoder;
import io.palispark.image.RgbImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Pictures as the goldens' processor sees them. */
final class Pictures {

    static final BicubicResize RESIZE = new BicubicResize(PassOrder.PILLOW_13);

    private Pictures() {}

    static PictureInput input(int side) {
        return new PictureInput(side, RESIZE, Normalisation.RESCALE_THEN_NORMALISE);
    }

    static RgbImage read(Path file) throws IOException {
        Decoding decoding = new RgbDecoder(ImageLimits.DEFAULT).decode(Files.readAllBytes(file), Frame.UPRIGHT);
        assertThat(decoding).as(file.toString()).isInstanceOf(DecodedImage.class);
        return ((DecodedImage) decoding).pixels();
    }

    static String sha256(ByteBuffer bytes) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(bytes);
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException everyJavaHasIt) {
            throw new IllegalStateException(everyJavaHasIt);
        }
    }
}
