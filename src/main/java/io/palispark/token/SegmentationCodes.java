package io.palispark.token;

import java.io.Serializable;
import java.util.Arrays;

/** The 16 codebook indices of a mask, each 0 to 127, row-major over the 4 x 4 code grid. Immutable. */
public final class SegmentationCodes implements Serializable {

    /** Side of the code grid. */
    public static final int GRID = 4;

    /** Codes of one mask. */
    public static final int COUNT = GRID * GRID;

    private static final long serialVersionUID = 1L;

    private final byte[] codes;

    private SegmentationCodes(byte[] codes) {
        this.codes = codes;
    }

    /** The codes in row-major order; exactly {@value #COUNT} values of 0 to 127. */
    public static SegmentationCodes of(int... codes) {
        if (codes.length != COUNT) {
            throw new IllegalArgumentException(
                    "Cannot make a mask of " + codes.length + " segmentation codes: it takes " + COUNT);
        }
        byte[] copy = new byte[COUNT];
        for (int i = 0; i < COUNT; i++) {
            copy[i] = (byte) TokenVocabulary.inRange(codes[i], TokenVocabulary.SEGMENTS, "segmentation code");
        }
        return new SegmentationCodes(copy);
    }

    /** The code at a row-major index, 0 to 15. */
    public int code(int index) {
        return codes[index];
    }

    /** A new array of the 16 codes, row-major. */
    public int[] toArray() {
        int[] copy = new int[COUNT];
        for (int i = 0; i < COUNT; i++) {
            copy[i] = codes[i];
        }
        return copy;
    }

    /** The 16 tokens without blanks, {@code <seg012><seg127>...}. */
    public String text() {
        StringBuilder text = new StringBuilder(COUNT * 8);
        for (byte code : codes) {
            text.append(TokenVocabulary.segment(code));
        }
        return text.toString();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SegmentationCodes that && Arrays.equals(codes, that.codes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(codes);
    }

    @Override
    public String toString() {
        return Arrays.toString(codes);
    }
}
