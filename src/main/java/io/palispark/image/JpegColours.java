package io.palispark.image;

import io.palispark.geometry.ImageSize;

/**
 * Decoded JPEG components to RGB, with the integers of libjpeg (jdcolor.c: 16 fraction bits, rounded) and Pillow's
 * plain CMYK formula (Convert.c cmyk2rgb). No colour profile is applied.
 */
final class JpegColours {

    private static final int[] RED_OF_CR = new int[256];
    private static final int[] BLUE_OF_CB = new int[256];
    private static final int[] GREEN_OF_CR = new int[256];
    private static final int[] GREEN_OF_CB = new int[256];

    static {
        for (int i = 0; i < 256; i++) {
            int x = i - 128;
            RED_OF_CR[i] = (91881 * x + 32768) >> 16;
            BLUE_OF_CB[i] = (116130 * x + 32768) >> 16;
            GREEN_OF_CR[i] = -46802 * x;
            GREEN_OF_CB[i] = -22554 * x + 32768;
        }
    }

    private JpegColours() {}

    /** @param samples interleaved components, as many a pixel as the colour space has */
    static RgbImage toRgb(ImageSize size, byte[] samples, JpegStructure.Colours colours) {
        return switch (colours) {
            case RGB -> new RgbImage(size, samples);
            case GREY -> new RgbImage(size, replicate(samples));
            case YCC -> new RgbImage(size, fromYcc(samples, 3));
            case CMYK -> new RgbImage(size, fromCmyk(samples));
            case YCCK -> new RgbImage(size, fromYcck(samples));
        };
    }

    private static byte[] replicate(byte[] grey) {
        byte[] rgb = new byte[3 * grey.length];
        for (int i = 0, to = 0; i < grey.length; i++) {
            rgb[to++] = grey[i];
            rgb[to++] = grey[i];
            rgb[to++] = grey[i];
        }
        return rgb;
    }

    private static byte[] fromYcc(byte[] samples, int step) {
        byte[] rgb = new byte[samples.length / step * 3];
        for (int from = 0, to = 0; from + 2 < samples.length; from += step, to += 3) {
            int luma = samples[from] & 0xFF;
            int cb = samples[from + 1] & 0xFF;
            int cr = samples[from + 2] & 0xFF;
            rgb[to] = clamp(luma + RED_OF_CR[cr]);
            rgb[to + 1] = clamp(luma + ((GREEN_OF_CB[cb] + GREEN_OF_CR[cr]) >> 16));
            rgb[to + 2] = clamp(luma + BLUE_OF_CB[cb]);
        }
        return rgb;
    }

    /** Samples hold 255 minus the ink. */
    private static byte[] fromCmyk(byte[] samples) {
        byte[] rgb = new byte[samples.length / 4 * 3];
        for (int from = 0, to = 0; from + 3 < samples.length; from += 4, to += 3) {
            int paper = samples[from + 3] & 0xFF;
            for (int channel = 0; channel < 3; channel++) {
                rgb[to + channel] = inked(255 - (samples[from + channel] & 0xFF), paper);
            }
        }
        return rgb;
    }

    /** libjpeg turns YCC into 255 minus RGB, which Pillow then inverts with the rest. */
    private static byte[] fromYcck(byte[] samples) {
        byte[] rgb = fromYcc(samples, 4);
        for (int i = 0; i < rgb.length; i++) {
            rgb[i] = inked(rgb[i] & 0xFF, samples[i / 3 * 4 + 3] & 0xFF);
        }
        return rgb;
    }

    /** The light that ink leaves on paper already darkened to {@code paper} = 255 minus black. */
    static byte inked(int ink, int paper) {
        int product = ink * paper + 128;
        return clamp(paper - ((product + (product >> 8)) >> 8));
    }

    private static byte clamp(int value) {
        return (byte) Math.max(0, Math.min(255, value));
    }
}
