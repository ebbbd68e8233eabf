package io.palispark.image;

import io.palispark.geometry.ImageSize;
import java.nio.ByteOrder;
import java.util.EnumSet;
import java.util.Set;

/**
 * The blocks of a GIF file (GIF89a), walked to the trailer.
 *
 * @param facts the size is that of the canvas: the logical screen, grown to hold the first frame
 * @param left column of the first frame on the canvas
 * @param top row of the first frame on the canvas
 */
record GifStructure(ImageFacts facts, int left, int top) {

    private static final int IMAGE = 0x2C;
    private static final int EXTENSION = 0x21;
    private static final int TRAILER = 0x3B;

    static GifStructure walk(byte[] bytes, ImageLimits limits) throws BrokenImage {
        ByteView view = ByteView.of(bytes, ByteOrder.LITTLE_ENDIAN);
        limits.accept(Math.max(1, view.u16(6)), Math.max(1, view.u16(8)));
        Set<ImageWarning> warnings = EnumSet.noneOf(ImageWarning.class);
        ImageSize size = null;
        int left = 0;
        int top = 0;
        long at = 13 + tableBytes(view.u8(10));
        while (true) {
            if (at >= bytes.length && size != null) {
                warnings.add(ImageWarning.END_MARKER_MISSING);
                break;
            }
            int block = view.u8(at);
            if (block == TRAILER) {
                if (at + 1 < bytes.length) {
                    warnings.add(ImageWarning.TRAILING_BYTES);
                }
                break;
            }
            if (block == EXTENSION) {
                at = afterSubBlocks(view, at + 2);
                continue;
            }
            if (block != IMAGE) {
                throw BrokenImage.damaged("block " + block + " at byte " + at + " is none of GIF");
            }
            if (size == null) {
                left = view.u16(at + 1);
                top = view.u16(at + 3);
                limits.accept(view.u16(at + 5), view.u16(at + 7));
                size = limits.accept(
                        Math.max(view.u16(6), left + view.u16(at + 5)), Math.max(view.u16(8), top + view.u16(at + 7)));
            } else {
                warnings.add(ImageWarning.SEVERAL_FRAMES);
            }
            at = afterSubBlocks(view, at + 11 + tableBytes(view.u8(at + 9)));
        }
        if (size == null) {
            throw BrokenImage.damaged("no frame before the trailer");
        }
        return new GifStructure(new ImageFacts(ImageFormat.GIF, size, 1, warnings), left, top);
    }

    private static int tableBytes(int flags) {
        return (flags & 0x80) == 0 ? 0 : 3 << ((flags & 7) + 1);
    }

    private static long afterSubBlocks(ByteView view, long from) throws BrokenImage {
        long at = from;
        int length = view.u8(at);
        while (length != 0) {
            at += length + 1;
            length = view.u8(at);
        }
        return at + 1;
    }
}
