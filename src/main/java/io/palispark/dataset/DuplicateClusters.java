package io.palispark.dataset;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Joins groups of pictures that hold near-duplicates of each other: single-linkage clusters of 64-bit picture hashes at
 * most {@code distance} bits apart, found through bands. With {@code distance + 1} bands two such hashes agree in one
 * band at least (pigeonhole), so only pictures that share a band are compared; memory is a few numbers per picture.
 */
public final class DuplicateClusters {

    /** Beyond this many pictures with the same band, only each picture's neighbours in hash order are compared. */
    private static final int LARGEST_COMPARED_BAND = 2_000;

    private final List<String> keys = new ArrayList<>();
    private final List<Long> hashes = new ArrayList<>();
    private final int distance;

    /** @param distance most differing bits of near-duplicates, 0 to 31 */
    public DuplicateClusters(int distance) {
        if (distance < 0 || distance > 31) {
            throw new IllegalArgumentException(
                    "Cannot cluster pictures at a distance of " + distance + " bits: 0 to 31 is supported");
        }
        this.distance = distance;
    }

    /** Adds a picture: the key of its group and the hash of its content. */
    public DuplicateClusters add(String key, long hash) {
        keys.add(key);
        hashes.add(hash);
        return this;
    }

    /** The keys that are joined with another key, each with the smallest key of its cluster. */
    public Map<String, String> representatives() {
        DisjointKeys joined = new DisjointKeys();
        int bands = distance + 1;
        for (int band = 0; band < bands; band++) {
            int from = band * Long.SIZE / bands;
            int to = (band + 1) * Long.SIZE / bands;
            joinWithinBand(joined, from, to - from);
        }
        return joined.representatives();
    }

    private void joinWithinBand(DisjointKeys joined, int shift, int width) {
        long mask = width == Long.SIZE ? -1L : (1L << width) - 1;
        Map<Long, List<Integer>> sameBand = new HashMap<>();
        for (int picture = 0; picture < hashes.size(); picture++) {
            sameBand.computeIfAbsent(hashes.get(picture) >>> shift & mask, bits -> new ArrayList<>())
                    .add(picture);
        }
        for (List<Integer> pictures : sameBand.values()) {
            pictures.sort((one, other) -> Long.compare(hashes.get(one), hashes.get(other)));
            int reach = pictures.size() <= LARGEST_COMPARED_BAND ? pictures.size() : LARGEST_COMPARED_BAND / 100;
            for (int i = 0; i < pictures.size(); i++) {
                int last = (int) Math.min(pictures.size(), (long) i + reach);
                for (int j = i + 1; j < last; j++) {
                    joinIfClose(joined, pictures.get(i), pictures.get(j));
                }
            }
        }
    }

    private void joinIfClose(DisjointKeys joined, int one, int other) {
        if (Long.bitCount(hashes.get(one) ^ hashes.get(other)) <= distance) {
            joined.join(keys.get(one), keys.get(other));
        }
    }

    /** Union-find over keys whose root is always the smallest key. */
    private static final class DisjointKeys {

        private final Map<String, String> parents = new HashMap<>();

        void join(String one, String other) {
            String first = root(one);
            String second = root(other);
            if (first.compareTo(second) < 0) {
                parents.put(second, first);
            } else if (!first.equals(second)) {
                parents.put(first, second);
            }
        }

        Map<String, String> representatives() {
            Map<String, String> result = new HashMap<>();
            for (String key : List.copyOf(parents.keySet())) {
                String root = root(key);
                result.put(key, root);
                result.put(root, root);
            }
            return result;
        }

        private String root(String key) {
            String root = key;
            while (parents.containsKey(root)) {
                root = parents.get(root);
            }
            String walked = key;
            while (!walked.equals(root)) {
                String next = parents.get(walked);
                parents.put(walked, root);
                walked = next;
            }
            return root;
        }
    }
}
