package io.palispark.dataset;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Joins groups of pictures that hold near-duplicates of each other: single-linkage clusters of 64-bit picture hashes at
 * most {@code distance} bits apart, and whatever else is known to be joined. Holds a key and a hash a picture.
 */
public final class DuplicateClusters {

    private final int distance;
    private final DisjointKeys joined = new DisjointKeys();

    /** One key for each hash. */
    private final Map<Long, String> keys = new HashMap<>();

    /** @param distance most differing bits of near-duplicates, 0 to 31 */
    public DuplicateClusters(int distance) {
        this.distance = distance;
    }

    /** Adds a picture: the key of its group and the hash of its content. */
    public DuplicateClusters add(String key, long hash) {
        String known = keys.putIfAbsent(hash, key);
        if (known != null && !known.equals(key)) {
            joined.join(known, key);
        }
        return this;
    }

    /** Joins the groups of two hashes that were added. */
    public void join(long one, long other) {
        if (!keys.get(one).equals(keys.get(other))) {
            joined.join(keys.get(one), keys.get(other));
        }
    }

    /** An index of the hashes added so far. */
    public HashIndex index() {
        return new HashIndex(keys.keySet().stream().mapToLong(Long::longValue).toArray(), distance);
    }

    /** The keys that are joined with another key, each with the smallest key of its cluster. */
    public Map<String, String> representatives() {
        HashIndex index = index();
        long[] hashes = keys.keySet().stream().mapToLong(Long::longValue).toArray();
        Arrays.stream(hashes).forEach(hash -> index.forEachNear(hash, near -> join(hash, near)));
        return joined.representatives();
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
