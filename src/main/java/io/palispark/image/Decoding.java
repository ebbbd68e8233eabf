package io.palispark.image;

/** What {@link RgbDecoder} makes of one file. */
public sealed interface Decoding permits DecodedImage, ImageFault {}
