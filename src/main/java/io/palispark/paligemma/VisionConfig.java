package io.palispark.paligemma;

/**
 * The SigLIP encoder.
 *
 * @param imageSize side of the square input in pixels, a multiple of {@code patchSize}
 * @param patchSize side of the square that becomes one token
 */
public record VisionConfig(
        int width, int feedForward, int layers, int heads, int imageSize, int patchSize, int channels, double epsilon) {

    /** Tokens of one image. */
    public int tokens() {
        return (imageSize / patchSize) * (imageSize / patchSize);
    }

    /** Size of one head. */
    public int headSize() {
        return width / heads;
    }
}
