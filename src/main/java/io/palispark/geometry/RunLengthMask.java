package io.palispark.geometry;

/** Placeholder of the first commit: the codec follows. */
public record RunLengthMask(ImageSize size, int[] runs) implements Region {}
