package io.palispark.spark;

import org.apache.spark.Partitioner;

/** Places whatever is about one image in one part, in a number of parts that is fixed beforehand. */
public final class ByImage extends Partitioner {

    private static final long serialVersionUID = 1L;

    private final int parts;

    public ByImage(int parts) {
        this.parts = parts;
    }

    /** A key that knows its image. */
    public interface Key {

        /** The part of its image among {@code parts}, 0 and up. */
        int part(int parts);
    }

    @Override
    public int numPartitions() {
        return parts;
    }

    @Override
    public int getPartition(Object key) {
        return ((Key) key).part(parts);
    }
}
