package io.palispark.spark;

import java.io.Serializable;

/**
 * A file of a dataset, named after its content.
 *
 * @param path below the dataset folder, with forward slashes
 * @param rows lines
 * @param bytes length
 * @param sha256 lower-case hexadecimal
 */
public record ShardFile(String path, long rows, long bytes, String sha256) implements Serializable {}
