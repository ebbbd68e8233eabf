package io.palispark.image;

/** What {@link ImageProbe} says about one file. */
public sealed interface ImageInspection permits ImageFacts, ImageFault {}
