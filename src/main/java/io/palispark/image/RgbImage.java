package io.palispark.image;

import io.palispark.geometry.ImageSize;
import io.palispark.geometry.PixelBox;
import java.util.Arrays;

/**
 * 8-bit RGB pixels, the values of the file without any colour profile applied.
 *
 * @param size rows and columns
 * @param rgb row-major, 3 bytes a pixel, {@code 3 * height * width} long; owned by the image from then on
 */
public record RgbImage(ImageSize size, byte[] rgb) {

    public RgbImage {
        if (rgb.length != 3 * size.pixels()) {
            throw new IllegalArgumentException(
                    "Cannot make an RGB image of " + size + " pixels from " + rgb.length + " bytes");
        }
    }

    /** The picture as a viewer shows it when the file carries this EXIF orientation (1 to 8). */
    public RgbImage upright(int orientation) {
        if (orientation == 1) {
            return this;
        }
        ImageSize turned = orientation >= 5 ? size.transposed() : size;
        byte[] target = new byte[rgb.length];
        int at = 0;
        for (int row = 0; row < turned.height(); row++) {
            for (int column = 0; column < turned.width(); column++) {
                int source = 3 * storedIndex(orientation, turned, row, column);
                target[at++] = rgb[source];
                target[at++] = rgb[source + 1];
                target[at++] = rgb[source + 2];
            }
        }
        return new RgbImage(turned, target);
    }

    /** The pixels of a block that lies inside the image. */
    public RgbImage crop(PixelBox block) {
        if (block.isEmpty() || !block.equals(block.clippedTo(size))) {
            throw new IllegalArgumentException("Cannot cut " + block + " out of an image of " + size + " pixels");
        }
        byte[] target = new byte[3 * block.height() * block.width()];
        for (int row = 0; row < block.height(); row++) {
            int from = 3 * ((block.top() + row) * size.width() + block.left());
            System.arraycopy(rgb, from, target, 3 * row * block.width(), 3 * block.width());
        }
        return new RgbImage(new ImageSize(block.height(), block.width()), target);
    }

    private int storedIndex(int orientation, ImageSize turned, int row, int column) {
        int lastRow = turned.height() - 1;
        int lastColumn = turned.width() - 1;
        return switch (orientation) {
            case 2 -> row * size.width() + lastColumn - column;
            case 3 -> (lastRow - row) * size.width() + lastColumn - column;
            case 4 -> (lastRow - row) * size.width() + column;
            case 5 -> column * size.width() + row;
            case 6 -> (lastColumn - column) * size.width() + row;
            case 7 -> (lastColumn - column) * size.width() + lastRow - row;
            case 8 -> column * size.width() + lastRow - row;
            default -> throw new IllegalArgumentException("Cannot turn an image by EXIF orientation " + orientation);
        };
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RgbImage image && size.equals(image.size) && Arrays.equals(rgb, image.rgb);
    }

    @Override
    public int hashCode() {
        return 31 * size.hashCode() + Arrays.hashCode(rgb);
    }

    @Override
    public String toString() {
        return "RgbImage[" + size + "]";
    }
}
