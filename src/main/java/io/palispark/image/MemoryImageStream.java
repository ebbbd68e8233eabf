package io.palispark.image;

import javax.imageio.stream.ImageInputStreamImpl;

/** Image bytes for an ImageIO reader, in place: no copy, no cache file. */
final class MemoryImageStream extends ImageInputStreamImpl {

    private final byte[] bytes;

    MemoryImageStream(byte[] bytes) {
        this.bytes = bytes;
    }

    @Override
    public int read() {
        bitOffset = 0;
        return streamPos < bytes.length ? bytes[(int) streamPos++] & 0xFF : -1;
    }

    @Override
    public int read(byte[] target, int offset, int count) {
        bitOffset = 0;
        if (streamPos >= bytes.length) {
            return -1;
        }
        int taken = (int) Math.min(count, bytes.length - streamPos);
        System.arraycopy(bytes, (int) streamPos, target, offset, taken);
        streamPos += taken;
        return taken;
    }

    @Override
    public long length() {
        return bytes.length;
    }
}
