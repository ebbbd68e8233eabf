package io.palispark.image;

import io.palispark.geometry.ImageSize;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.awt.image.SampleModel;
import java.util.Set;

/**
 * Raster bands to RGB as Pillow's {@code convert("RGB")} does it, never through a colour model: that would brighten
 * grey by a gamma curve and apply profiles. Alpha is dropped, not composited; 16-bit colour keeps its high byte; 16-bit
 * grey without alpha is clipped at 255.
 */
final class RasterColours {

    private RasterColours() {}

    static RgbImage toRgb(BufferedImage image, Set<ImageWarning> warnings) throws BrokenImage {
        ImageSize size = new ImageSize(image.getHeight(), image.getWidth());
        byte[] rgb = new byte[Math.toIntExact(3 * size.pixels())];
        Raster raster = image.getRaster();
        int[] row = new int[Math.multiplyExact(size.width(), raster.getNumBands())];
        BandReader bands = bands(image);
        for (int y = 0; y < size.height(); y++) {
            raster.getPixels(raster.getMinX(), raster.getMinY() + y, size.width(), 1, row);
            bands.read(row, rgb, 3 * y * size.width());
        }
        if (bands instanceof GreyClip clip && clip.clipped) {
            warnings.add(ImageWarning.GREY_CLIPPED);
        }
        return new RgbImage(size, rgb);
    }

    /** One row of samples to 3 bytes a pixel. */
    private interface BandReader {
        void read(int[] samples, byte[] rgb, int to);
    }

    private static BandReader bands(BufferedImage image) throws BrokenImage {
        SampleModel model = image.getSampleModel();
        int count = model.getNumBands();
        int type = model.getDataType();
        if (type == DataBuffer.TYPE_FLOAT || type == DataBuffer.TYPE_DOUBLE || model.getSampleSize(0) > 16) {
            throw BrokenImage.unsupported("samples of " + model.getSampleSize(0) + " bits or of floating point");
        }
        if (image.getColorModel() instanceof IndexColorModel palette) {
            return new Palette(palette);
        }
        if (count == 1 && model.getSampleSize(0) == 16) {
            return new GreyClip();
        }
        if (image.getColorModel().getColorSpace().getType() == ColorSpace.TYPE_CMYK) {
            return RasterColours::cmyk;
        }
        int[] sizes = model.getSampleSize();
        return switch (count) {
            case 1, 2 -> (samples, rgb, to) -> spread(samples, count, new int[] {0, 0, 0}, sizes, rgb, to);
            case 3, 4 -> (samples, rgb, to) -> spread(samples, count, new int[] {0, 1, 2}, sizes, rgb, to);
            default -> throw BrokenImage.unsupported(count + " samples a pixel");
        };
    }

    private static void spread(int[] samples, int step, int[] source, int[] sizes, byte[] rgb, int to) {
        int at = to;
        for (int from = 0; from < samples.length; from += step) {
            for (int channel : source) {
                rgb[at++] = eightBit(samples[from + channel], sizes[channel]);
            }
        }
    }

    private static byte eightBit(int sample, int bits) {
        if (bits == 8) {
            return (byte) sample;
        }
        return (byte) (bits > 8 ? sample >> (bits - 8) : sample * 255 / ((1 << bits) - 1));
    }

    private static void cmyk(int[] samples, byte[] rgb, int to) {
        int at = to;
        for (int from = 0; from < samples.length; from += 4) {
            int paper = 255 - samples[from + 3];
            for (int channel = 0; channel < 3; channel++) {
                rgb[at++] = JpegColours.inked(samples[from + channel], paper);
            }
        }
    }

    private static final class Palette implements BandReader {

        private final int[] argb;

        Palette(IndexColorModel model) {
            int[] entries = new int[model.getMapSize()];
            model.getRGBs(entries);
            argb = java.util.Arrays.copyOf(entries, Math.max(256, entries.length));
        }

        @Override
        public void read(int[] samples, byte[] rgb, int to) {
            int at = to;
            for (int sample : samples) {
                int colour = argb[sample];
                rgb[at++] = (byte) (colour >> 16);
                rgb[at++] = (byte) (colour >> 8);
                rgb[at++] = (byte) colour;
            }
        }
    }

    private static final class GreyClip implements BandReader {

        private boolean clipped;

        @Override
        public void read(int[] samples, byte[] rgb, int to) {
            int at = to;
            for (int sample : samples) {
                clipped |= sample > 255;
                byte grey = (byte) Math.min(255, sample);
                rgb[at++] = grey;
                rgb[at++] = grey;
                rgb[at++] = grey;
            }
        }
    }
}
