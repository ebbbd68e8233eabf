package io.palispark.image;

import java.nio.ByteOrder;

/**
 * A bounds-checked window on bytes with one byte order. Offsets count from the window's start and are {@code long}, so
 * that sums of untrusted fields cannot wrap; a read beyond the end says that the image is truncated.
 */
final class ByteView {

    private final byte[] bytes;
    private final int start;
    private final int length;
    private final boolean bigEndian;

    private ByteView(byte[] bytes, int start, int length, boolean bigEndian) {
        this.bytes = bytes;
        this.start = start;
        this.length = length;
        this.bigEndian = bigEndian;
    }

    static ByteView of(byte[] bytes, ByteOrder order) {
        return new ByteView(bytes, 0, bytes.length, order == ByteOrder.BIG_ENDIAN);
    }

    int length() {
        return length;
    }

    ByteView slice(long from, long count) throws BrokenImage {
        require(from, count);
        return new ByteView(bytes, start + (int) from, (int) count, bigEndian);
    }

    ByteView order(ByteOrder order) {
        return new ByteView(bytes, start, length, order == ByteOrder.BIG_ENDIAN);
    }

    int u8(long at) throws BrokenImage {
        require(at, 1);
        return bytes[start + (int) at] & 0xFF;
    }

    int u16(long at) throws BrokenImage {
        int first = u8(at);
        int second = u8(at + 1);
        return bigEndian ? first << 8 | second : second << 8 | first;
    }

    long u32(long at) throws BrokenImage {
        long first = u16(at);
        long second = u16(at + 2);
        return bigEndian ? first << 16 | second : second << 16 | first;
    }

    /** True when the ASCII characters stand at the offset; false also where the window ends before. */
    boolean startsWith(long at, String ascii) {
        if (at < 0 || at + ascii.length() > length) {
            return false;
        }
        for (int i = 0; i < ascii.length(); i++) {
            if ((bytes[start + (int) at + i] & 0xFF) != ascii.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    String latin1(long at, long count) throws BrokenImage {
        require(at, count);
        return new String(bytes, start + (int) at, (int) count, java.nio.charset.StandardCharsets.ISO_8859_1);
    }

    int crc32(long at, long count) throws BrokenImage {
        require(at, count);
        java.util.zip.CRC32 crc = new java.util.zip.CRC32();
        crc.update(bytes, start + (int) at, (int) count);
        return (int) crc.getValue();
    }

    void require(long at, long count) throws BrokenImage {
        if (at < 0 || count < 0 || at > length - count) {
            throw BrokenImage.truncated(
                    "bytes " + at + " to " + (at + count) + " are needed, " + length + " are there");
        }
    }
}
