package io.palispark.dataset;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** A hash of texts that is the same in every process, release and order of work: the first 64 bits of a SHA-256. */
public final class StableHash {

    private static final double TWO_TO_53 = 0x1p53;

    private StableHash() {}

    /** The hash of the parts; where one part ends and the next begins counts. */
    public static long of(String... parts) {
        MessageDigest digest = sha256();
        for (String part : parts) {
            byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
            digest.update(
                    ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).flip());
            digest.update(bytes);
        }
        return ByteBuffer.wrap(digest.digest()).getLong();
    }

    /** A number in [0, 1), uniform over the hashes. */
    public static double unit(String... parts) {
        return (of(parts) >>> 11) / TWO_TO_53;
    }

    /** A fresh SHA-256, which every Java runtime has. */
    public static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("Cannot hash: this Java runtime has no SHA-256", impossible);
        }
    }
}
