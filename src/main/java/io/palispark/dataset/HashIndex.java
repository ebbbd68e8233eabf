package io.palispark.dataset;

import java.io.Serializable;
import java.util.Arrays;
import java.util.function.LongConsumer;

/**
 * Distinct 64-bit picture hashes that can be asked for those at most {@code distance} bits from another. With
 * {@code distance + 1} bands two such hashes agree in one band at least (pigeonhole), so only hashes that share a band are
 * compared. Holds 8 bytes a hash and band.
 */
public final class HashIndex implements Serializable {

    private static final long serialVersionUID = 1L;

    private final int distance;

    /** A band each: the hashes, turned so that the band is on top, in ascending order. */
    private final long[][] bands;

    /**
     * @param hashes repeated ones count once
     * @param distance most differing bits, 0 to 31
     */
    public HashIndex(long[] hashes, int distance) {
        if (distance < 0 || distance > 31) {
            throw new IllegalArgumentException(
                    "Cannot compare pictures at a distance of " + distance + " bits: 0 to 31 is supported");
        }
        this.distance = distance;
        this.bands = new long[distance + 1][];
        long[] distinct = Arrays.stream(hashes).distinct().toArray();
        for (int band = 0; band < bands.length; band++) {
            int turn = start(band);
            bands[band] = Arrays.stream(distinct)
                    .map(hash -> Long.rotateLeft(hash, turn))
                    .sorted()
                    .toArray();
        }
    }

    private int start(int band) {
        return band * Long.SIZE / bands.length;
    }

    /** Hands out the near hashes, the hash itself among them where it is held; one may come several times. */
    public void forEachNear(long hash, LongConsumer near) {
        for (int band = 0; band < bands.length; band++) {
            int turn = start(band);
            int width = start(band + 1) - turn;
            long turned = Long.rotateLeft(hash, turn);
            long top = -1L << Long.SIZE - width;
            long[] held = bands[band];
            for (int i = first(held, turned & top); i < held.length && (held[i] & top) == (turned & top); i++) {
                if (Long.bitCount(held[i] ^ turned) <= distance) {
                    near.accept(Long.rotateRight(held[i], turn));
                }
            }
        }
    }

    private static int first(long[] sorted, long value) {
        int found = Arrays.binarySearch(sorted, value);
        return found < 0 ? -found - 1 : found;
    }
}
