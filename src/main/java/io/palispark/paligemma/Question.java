package io.palispark.paligemma;

import io.palispark.image.RgbImage;

/**
 * A prompt about a picture.
 *
 * @param picture of any size
 * @param prefix as a user writes it: no markers, no line break
 */
public record Question(RgbImage picture, String prefix) {}
