package io.palispark.job;

import io.palispark.image.DecodedImage;
import io.palispark.image.Frame;
import io.palispark.image.ImageContent;
import io.palispark.image.RgbDecoder;
import io.palispark.image.RgbImage;
import io.palispark.spark.ImageSource;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Optional;
import javax.imageio.ImageIO;

/**
 * A picture small enough for a page: decoded, reduced and encoded again, so that nothing of an untrusted file reaches a
 * browser.
 *
 * @param height of the original
 * @param width of the original
 */
record Thumbnail(byte[] jpeg, int height, int width) {

    /** @return empty for a picture that is missing or broken */
    static Optional<Thumbnail> of(ImageSource images, String name, int longestSide) throws IOException {
        Optional<ImageSource.Found> found = images.find(name);
        if (found.isEmpty() || !(found.get().read() instanceof ImageContent content)) {
            return Optional.empty();
        }
        return new RgbDecoder(images.limits()).decode(content.bytes(), Frame.UPRIGHT) instanceof DecodedImage decoded
                ? Optional.of(of(decoded.pixels(), longestSide))
                : Optional.empty();
    }

    private static Thumbnail of(RgbImage pixels, int longestSide) throws IOException {
        int height = pixels.size().height();
        int width = pixels.size().width();
        double scale = Math.min(1, (double) longestSide / Math.max(height, width));
        BufferedImage small = new BufferedImage(
                Math.max(1, (int) Math.rint(width * scale)),
                Math.max(1, (int) Math.rint(height * scale)),
                BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = small.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BICUBIC);
        graphics.drawImage(image(pixels), 0, 0, small.getWidth(), small.getHeight(), null);
        graphics.dispose();
        ByteArrayOutputStream jpeg = new ByteArrayOutputStream();
        ImageIO.write(small, "jpeg", jpeg);
        return new Thumbnail(jpeg.toByteArray(), height, width);
    }

    private static BufferedImage image(RgbImage pixels) {
        int width = pixels.size().width();
        BufferedImage image = new BufferedImage(width, pixels.size().height(), BufferedImage.TYPE_INT_RGB);
        byte[] rgb = pixels.rgb();
        for (int i = 0, at = 0; i < rgb.length; i += 3, at++) {
            image.setRGB(at % width, at / width, (rgb[i] & 0xFF) << 16 | (rgb[i + 1] & 0xFF) << 8 | rgb[i + 2] & 0xFF);
        }
        return image;
    }
}
