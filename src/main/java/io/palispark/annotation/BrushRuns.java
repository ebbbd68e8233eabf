package io.palispark.annotation;

import io.palispark.geometry.ImageSize;
import io.palispark.geometry.RunLengthMask;

/**
 * The bit stream of Label Studio's brush: RGBA values of the whole image, row by row, as runs of equal words or words one
 * by one, most significant bit first. The mask is where alpha is not 0.
 */
final class BrushRuns {

    private static final int CHANNELS = 4;
    private static final int ALPHA = 3;

    private final byte[] bytes;
    private long position;

    private BrushRuns(byte[] bytes) {
        this.bytes = bytes;
    }

    static RunLengthMask mask(byte[] bytes, ImageSize size, ReadLimits limits) throws DocumentException {
        if (size.pixels() > limits.labelPixels()) {
            throw new DocumentException(
                    ReasonCode.MASK_UNREADABLE, size.pixels() + " pixels, more than " + limits.labelPixels());
        }
        return new BrushRuns(bytes).read(size);
    }

    private RunLengthMask read(ImageSize size) throws DocumentException {
        long values = bits(32);
        int word = (int) bits(5) + 1;
        int[] lengths = new int[4];
        for (int i = 0; i < lengths.length; i++) {
            lengths[i] = (int) bits(4) + 1;
        }
        long wanted = CHANNELS * size.pixels();
        if (values != wanted) {
            throw new DocumentException(
                    values < wanted ? ReasonCode.RLE_SUM_TOO_SMALL : ReasonCode.RLE_SUM_TOO_LARGE,
                    values + " values for " + size.pixels() + " pixels of four channels");
        }
        byte[] bitmap = new byte[(int) size.pixels()];
        for (long at = 0; at < values; ) {
            boolean repeat = bits(1) == 1;
            long end = at + bits(lengths[(int) bits(2)]) + 1;
            if (end > values) {
                throw new DocumentException(ReasonCode.RLE_SUM_TOO_LARGE, "a run reaches behind the last value");
            }
            long value = repeat ? bits(word) : 0;
            for (; at < end; at++) {
                value = repeat ? value : bits(word);
                if (at % CHANNELS == ALPHA && value != 0) {
                    bitmap[(int) (at / CHANNELS)] = 1;
                }
            }
        }
        return RunLengthMask.ofBitmap(size, bitmap);
    }

    private long bits(int count) throws DocumentException {
        if (position + count > 8L * bytes.length) {
            throw new DocumentException(ReasonCode.RLE_TRUNCATED, "the runs end after " + bytes.length + " bytes");
        }
        long value = 0;
        for (int i = 0; i < count; i++, position++) {
            value = value << 1 | bytes[(int) (position >> 3)] >> 7 - (int) (position & 7) & 1;
        }
        return value;
    }
}
