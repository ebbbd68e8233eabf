package io.palispark.image;

/** The bytes of one file, or why they were not taken. */
public sealed interface ContentRead permits ImageContent, ImageFault {}
