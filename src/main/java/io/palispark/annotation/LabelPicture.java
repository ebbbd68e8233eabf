package io.palispark.annotation;

import io.palispark.geometry.ImageSize;
import io.palispark.geometry.RunLengthMask;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntPredicate;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;

/**
 * A picture whose pixels are labels: palette indices, grey values of up to 16 bits, or colours as 0xRRGGBB, all as
 * stored, without any colour conversion.
 *
 * @param colours true when the values are colours
 * @param values height x width, row-major
 */
record LabelPicture(ImageSize size, Values kind, int[] values) {

    /** What the numbers are. */
    enum Values {
        INDICES,
        COLOURS
    }

    /**
     * Reads a PNG, or another format of the JDK. The header is held against the limits before a pixel is decoded.
     *
     * @throws DocumentException with {@link ReasonCode#MASK_UNREADABLE} for what is no picture, damaged, or too large
     */
    static LabelPicture read(AnnotationSource source, ReadLimits limits) throws IOException, DocumentException {
        return decode(SmallDocument.bytes(source, limits), limits);
    }

    static LabelPicture decode(byte[] bytes, ReadLimits limits) throws DocumentException {
        try (ImageInputStream stream = ImageIO.createImageInputStream(new ByteArrayInputStream(bytes))) {
            var readers = ImageIO.getImageReaders(stream);
            if (!readers.hasNext()) {
                throw unreadable("the bytes are no picture");
            }
            ImageReader reader = readers.next();
            try {
                reader.setInput(stream, true, true);
                long pixels = (long) reader.getWidth(0) * reader.getHeight(0);
                if (pixels > limits.labelPixels()) {
                    throw unreadable(pixels + " pixels, more than " + limits.labelPixels());
                }
                return of(reader.read(0));
            } finally {
                reader.dispose();
            }
        } catch (IOException | RuntimeException damaged) {
            // The JDK's decoders throw all kinds of runtime exceptions on damaged bytes, which are in memory already.
            throw unreadable("the picture cannot be decoded: " + damaged.getMessage());
        }
    }

    /** The size that a picture's header states. */
    static ImageSize sizeOf(byte[] bytes) throws DocumentException {
        try (ImageInputStream stream = ImageIO.createImageInputStream(new ByteArrayInputStream(bytes))) {
            var readers = ImageIO.getImageReaders(stream);
            if (!readers.hasNext()) {
                throw unreadable("the bytes are no picture");
            }
            ImageReader reader = readers.next();
            try {
                reader.setInput(stream, true, true);
                return new ImageSize(reader.getHeight(0), reader.getWidth(0));
            } finally {
                reader.dispose();
            }
        } catch (IOException | RuntimeException damaged) {
            throw unreadable("the header cannot be read: " + damaged.getMessage());
        }
    }

    private static DocumentException unreadable(String detail) {
        return new DocumentException(ReasonCode.MASK_UNREADABLE, detail);
    }

    private static LabelPicture of(BufferedImage image) {
        Raster raster = image.getRaster();
        int height = raster.getHeight();
        int width = raster.getWidth();
        int bands = raster.getNumBands();
        boolean colours = bands >= 3 && !(image.getColorModel() instanceof IndexColorModel);
        int[] values = new int[Math.multiplyExact(height, width)];
        int[] row = new int[Math.multiplyExact(width, bands)];
        int shift = Math.max(0, raster.getSampleModel().getSampleSize(0) - 8);
        for (int y = 0, index = 0; y < height; y++) {
            raster.getPixels(raster.getMinX(), raster.getMinY() + y, width, 1, row);
            for (int x = 0; x < row.length; x += bands, index++) {
                values[index] =
                        colours ? (row[x] >> shift) << 16 | (row[x + 1] >> shift) << 8 | row[x + 2] >> shift : row[x];
            }
        }
        return new LabelPicture(new ImageSize(height, width), colours ? Values.COLOURS : Values.INDICES, values);
    }

    /** The same pixels with other numbers. */
    LabelPicture mapped(java.util.function.IntUnaryOperator map) {
        return new LabelPicture(
                size, Values.INDICES, Arrays.stream(values).map(map).toArray());
    }

    /** How often each value occurs, ascending; stops counting new ones when there are too many. */
    Map<Integer, Integer> counts(int mostValues) {
        Map<Integer, Integer> counts = new TreeMap<>();
        for (int value : values) {
            if (counts.size() <= mostValues || counts.containsKey(value)) {
                counts.merge(value, 1, Integer::sum);
            }
        }
        return counts;
    }

    /** The pixels of each value in one pass, in the order of the values. */
    Map<Integer, RunLengthMask> masks(IntPredicate isBackground) {
        Map<Integer, Runs> runs = new TreeMap<>();
        int position = 0;
        for (int column = 0; column < size.width(); column++) {
            for (int index = column; index < values.length; index += size.width(), position++) {
                if (!isBackground.test(values[index])) {
                    runs.computeIfAbsent(values[index], value -> new Runs()).add(position);
                }
            }
        }
        Map<Integer, RunLengthMask> masks = new LinkedHashMap<>();
        runs.forEach((value, ofValue) -> masks.put(value, ofValue.mask(size)));
        return masks;
    }

    /** Foreground positions as they come, joined to runs. */
    private static final class Runs {

        private int[] lengths = new int[16];
        private int count;
        private int end;

        void add(int position) {
            if (count == 0 || position != end) {
                if (count + 2 > lengths.length) {
                    lengths = Arrays.copyOf(lengths, 2 * lengths.length);
                }
                lengths[count] = position - end;
                count += 2;
            }
            lengths[count - 1]++;
            end = position + 1;
        }

        RunLengthMask mask(ImageSize size) {
            int[] all = Arrays.copyOf(lengths, count + 1);
            all[count] = (int) size.pixels() - end;
            return RunLengthMask.of(size, all);
        }
    }
}
