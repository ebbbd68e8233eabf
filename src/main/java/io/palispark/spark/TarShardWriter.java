package io.palispark.spark;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * A WebDataset shard: POSIX ustar (IEEE Std 1003.1, pax) with short names, no times and no owners. Written here rather
 * than by commons-compress because it is one header, and because bytes must not depend on the version Spark brings.
 */
final class TarShardWriter implements ImageShardWriter {

    private static final int BLOCK = 512;
    private static final int CHECKSUM_AT = 148;

    private final ByteArrayOutputStream tar = new ByteArrayOutputStream();

    @Override
    public ShardedImage add(String key, String image, ShardedImage.Facts facts, byte[] bytes) {
        header(key + "." + extension(facts.format()), bytes.length);
        ShardedImage entry = new ShardedImage(image, bytes.length, tar.size(), facts);
        content(bytes);
        byte[] json = entry.description().toString().getBytes(StandardCharsets.UTF_8);
        header(key + ".json", json.length);
        content(json);
        return entry;
    }

    @Override
    public byte[] finish() {
        tar.writeBytes(new byte[2 * BLOCK]);
        return tar.toByteArray();
    }

    private static String extension(String format) {
        return switch (format) {
            case "JPEG" -> "jpg";
            case "TIFF" -> "tif";
            default -> format.toLowerCase(Locale.ROOT);
        };
    }

    private void header(String name, int bytes) {
        byte[] header = new byte[BLOCK];
        put(header, 0, name);
        put(header, 100, "0000644\0" + "0000000\0" + "0000000\0");
        put(header, 124, "%011o\0".formatted(bytes) + "00000000000\0" + "        " + "0");
        put(header, 257, "ustar\0" + "00");
        int sum = 0;
        for (byte value : header) {
            sum += value & 0xFF;
        }
        put(header, CHECKSUM_AT, "%06o\0 ".formatted(sum));
        tar.writeBytes(header);
    }

    private void content(byte[] bytes) {
        tar.writeBytes(bytes);
        tar.writeBytes(new byte[(BLOCK - bytes.length % BLOCK) % BLOCK]);
    }

    private static void put(byte[] header, int at, String ascii) {
        byte[] bytes = ascii.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(bytes, 0, header, at, bytes.length);
    }
}
