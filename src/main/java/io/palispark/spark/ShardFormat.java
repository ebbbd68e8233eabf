package io.palispark.spark;

/** The file formats of image shards. */
public enum ShardFormat {
    /** A tar file of {@code key.<format>} and {@code key.json} pairs, as the webdataset library reads it. */
    WEBDATASET(".tar"),
    /** A Parquet file with the image feature of Hugging Face datasets: a struct of bytes and path. */
    PARQUET(".parquet");

    private final String extension;

    ShardFormat(String extension) {
        this.extension = extension;
    }

    /** File name extension with its dot. */
    public String extension() {
        return extension;
    }

    /** A writer of one shard in memory. */
    public ImageShardWriter newWriter() {
        return switch (this) {
            case WEBDATASET -> new TarShardWriter();
            case PARQUET -> new ParquetShardWriter();
        };
    }
}
