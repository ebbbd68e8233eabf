package io.palispark.job;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32;

/** A PNG file whose header is sound and whose pixels are not. */
final class GarbagePng {

    private GarbagePng() {}

    static byte[] of(int width, int height) {
        ByteBuffer png = ByteBuffer.allocate(1000);
        png.put(new byte[] {(byte) 0x89, 'P', 'N', 'G', 13, 10, 26, 10});
        ByteBuffer header = ByteBuffer.allocate(13).putInt(width).putInt(height).put(new byte[] {8, 2, 0, 0, 0});
        chunk(png, "IHDR", header.array());
        chunk(png, "IDAT", "no compressed pixels".getBytes(StandardCharsets.UTF_8));
        chunk(png, "IEND", new byte[0]);
        return Arrays.copyOf(png.array(), png.position());
    }

    private static void chunk(ByteBuffer png, String name, byte[] data) {
        CRC32 sum = new CRC32();
        sum.update(name.getBytes(StandardCharsets.US_ASCII));
        sum.update(data);
        png.putInt(data.length)
                .put(name.getBytes(StandardCharsets.US_ASCII))
                .put(data)
                .putInt((int) sum.getValue());
    }
}
