package io.palispark.spark;

import java.io.IOException;

/** Collects the pictures of one shard in memory; equal pictures in equal order give equal bytes. */
public interface ImageShardWriter {

    /**
     * Appends a picture.
     *
     * @param key unique in the dataset, of digits
     * @param image its name below the root of the corpus
     * @return its line in the index
     */
    ShardedImage add(String key, String image, ShardedImage.Facts facts, byte[] bytes) throws IOException;

    /** The whole shard; nothing may be added after it. */
    byte[] finish() throws IOException;
}
