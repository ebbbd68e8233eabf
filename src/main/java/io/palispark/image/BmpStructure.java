package io.palispark.image;

import io.palispark.geometry.ImageSize;
import java.nio.ByteOrder;
import java.util.Set;

/** The headers of a Windows or OS/2 bitmap and the length of its pixel rows. */
final class BmpStructure {

    private static final int CORE_HEADER_BYTES = 12;

    private BmpStructure() {}

    static ImageFacts walk(byte[] bytes, ImageLimits limits) throws BrokenImage {
        ByteView view = ByteView.of(bytes, ByteOrder.LITTLE_ENDIAN);
        long headerBytes = view.u32(14);
        boolean core = headerBytes == CORE_HEADER_BYTES;
        if (!core && (headerBytes < 40 || headerBytes > 256)) {
            throw BrokenImage.damaged("a bitmap header of " + headerBytes + " bytes");
        }
        long width = core ? view.u16(18) : (int) view.u32(18);
        long height = core ? view.u16(20) : Math.abs((long) (int) view.u32(22));
        ImageSize size = limits.accept(width, height);
        int depth = view.u16(core ? 24 : 28);
        long compression = core ? 0 : view.u32(30);
        boolean rowsAreStored = compression == 0 || compression == 3;
        long rowBytes = (size.width() * (long) depth + 31) / 32 * 4;
        view.require(view.u32(10), rowsAreStored ? rowBytes * size.height() : 1);
        return new ImageFacts(ImageFormat.BMP, size, 1, Set.of());
    }
}
