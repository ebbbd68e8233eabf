package io.palispark.image;

import com.twelvemonkeys.imageio.plugins.webp.WebPImageReaderSpi;
import io.palispark.geometry.ImageSize;
import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.io.IOException;
import java.io.Serializable;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.Set;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;

/**
 * Bytes to the RGB pixels that Pillow's {@code convert("RGB")} yields. The probe runs first; then an ImageIO reader gets
 * a copy without metadata, so that profiles, text chunks and thumbnails cannot change pixels or break the reader. JPEG
 * components are taken raw and converted here. Lossless formats equal Pillow byte for byte; JPEG does so on a JDK that
 * links libjpeg-turbo. Lossy WebP comes with {@link ImageWarning#PIXELS_APPROXIMATE}.
 *
 * @param limits checked against the header before decoding
 */
public record RgbDecoder(ImageLimits limits) implements Serializable {

    static {
        ImageIO.setUseCache(false);
    }

    /** The pixels of the first frame, or why the bytes are refused. Never throws for any content. */
    public Decoding decode(byte[] bytes, Frame frame) {
        try {
            ImageFacts facts = new ImageProbe(limits).facts(bytes);
            Set<ImageWarning> warnings = EnumSet.noneOf(ImageWarning.class);
            warnings.addAll(facts.warnings());
            RgbImage stored = pixels(bytes, facts, warnings);
            if (!stored.size().equals(facts.storedSize())) {
                throw BrokenImage.damaged(
                        "the header announces " + facts.storedSize() + ", the data hold " + stored.size());
            }
            RgbImage image = switch (frame) {
                case STORED -> stored;
                case UPRIGHT -> stored.upright(facts.orientation());
            };
            return new DecodedImage(facts, image, warnings);
        } catch (BrokenImage broken) {
            return broken.fault();
        } catch (IOException | RuntimeException | StackOverflowError broken) {
            // Readers answer broken data with many kinds of unchecked exceptions.
            return new ImageFault(ImageFault.Kind.DAMAGED, "the decoder stopped: " + broken);
        }
    }

    private RgbImage pixels(byte[] bytes, ImageFacts facts, Set<ImageWarning> warnings)
            throws IOException, BrokenImage {
        return switch (facts.format()) {
            case JPEG -> jpeg(bytes, warnings);
            case PNG -> raster("png", PngStructure.walk(bytes, limits).pixelsOnly(bytes), warnings);
            case BMP -> raster("bmp", bytes, warnings);
            case TIFF -> raster("tiff", bytes, warnings);
            case GIF -> gif(bytes, warnings);
            case WEBP -> {
                byte[] bitstream = WebpStructure.walk(bytes, limits).bitstreamOnly(bytes);
                if (WebpStructure.isLossy(bitstream)) {
                    warnings.add(ImageWarning.PIXELS_APPROXIMATE);
                }
                yield RasterColours.toRgb(
                        read(new WebPImageReaderSpi().createReaderInstance(null), bitstream, warnings), warnings);
            }
        };
    }

    private RgbImage jpeg(byte[] bytes, Set<ImageWarning> warnings) throws IOException, BrokenImage {
        JpegStructure structure = JpegStructure.walk(bytes, limits);
        ImageReader reader = reader("jpeg");
        try (MemoryImageStream stream = new MemoryImageStream(structure.withoutApplicationData(bytes))) {
            reader.addIIOReadWarningListener((source, warning) -> warnings.add(ImageWarning.DAMAGED_DATA));
            reader.setInput(stream, true, true);
            Raster raster = reader.readRaster(0, null);
            ImageSize size = new ImageSize(raster.getHeight(), raster.getWidth());
            byte[] samples = (byte[]) raster.getDataElements(0, 0, raster.getWidth(), raster.getHeight(), null);
            return JpegColours.toRgb(size, samples, structure.colours());
        } finally {
            reader.dispose();
        }
    }

    private static RgbImage raster(String format, byte[] bytes, Set<ImageWarning> warnings)
            throws IOException, BrokenImage {
        return RasterColours.toRgb(read(reader(format), bytes, warnings), warnings);
    }

    /** The first frame on its canvas, which Pillow fills with the transparent colour, else with colour 0. */
    private RgbImage gif(byte[] bytes, Set<ImageWarning> warnings) throws IOException, BrokenImage {
        GifStructure structure = GifStructure.walk(bytes, limits);
        BufferedImage frame = read(reader("gif"), bytes, warnings);
        RgbImage pixels = RasterColours.toRgb(frame, warnings);
        ImageSize canvas = structure.facts().storedSize();
        if (pixels.size().equals(canvas)) {
            return pixels;
        }
        byte[] rgb = new byte[Math.toIntExact(3 * canvas.pixels())];
        if (frame.getColorModel() instanceof java.awt.image.IndexColorModel palette) {
            int background = palette.getRGB(Math.max(0, palette.getTransparentPixel()));
            for (int i = 0; i < rgb.length; i += 3) {
                rgb[i] = (byte) (background >> 16);
                rgb[i + 1] = (byte) (background >> 8);
                rgb[i + 2] = (byte) background;
            }
        }
        int rowBytes = 3 * pixels.size().width();
        for (int row = 0; row < pixels.size().height(); row++) {
            int to = 3 * ((structure.top() + row) * canvas.width() + structure.left());
            System.arraycopy(pixels.rgb(), row * rowBytes, rgb, to, rowBytes);
        }
        return new RgbImage(canvas, rgb);
    }

    private static BufferedImage read(ImageReader reader, byte[] bytes, Set<ImageWarning> warnings) throws IOException {
        try (MemoryImageStream stream = new MemoryImageStream(bytes)) {
            reader.addIIOReadWarningListener((source, warning) -> warnings.add(ImageWarning.DAMAGED_DATA));
            reader.setInput(stream, true, true);
            return reader.read(0);
        } finally {
            reader.dispose();
        }
    }

    /** The JDK's own reader of a format, whatever else is registered in the process. */
    private static ImageReader reader(String format) {
        Iterator<ImageReader> readers = ImageIO.getImageReadersByFormatName(format);
        while (readers.hasNext()) {
            ImageReader reader = readers.next();
            if (reader.getClass().getModule() == ImageIO.class.getModule()) {
                return reader;
            }
        }
        throw new IllegalStateException("Cannot decode " + format + ": this Java has no reader for it; found "
                + Arrays.toString(ImageIO.getReaderFormatNames()));
    }
}
