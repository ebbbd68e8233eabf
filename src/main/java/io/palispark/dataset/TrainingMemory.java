package io.palispark.dataset;

import java.io.Serializable;

/**
 * Which batch a GPU has room for when PaliGemma 3B is fine-tuned the way Google's notebook does it: attention layers of
 * the language model alone, everything else frozen in 16 bits. An estimate that is tied to one observation, the fine-tuning
 * primer's: a batch of 8 rows of 128 text tokens at 224 pixels on a T4 of 16 GiB. Weights, gradients and the framework are
 * taken to need 7 GiB of it; the other 9 GiB over 8 x (256 + 128) tokens are 3 MiB a token.
 *
 * @param gpuBytes memory of the GPU
 * @param pictureSide 224, 448 or 896 pixels
 */
public record TrainingMemory(long gpuBytes, int pictureSide) implements Serializable {

    private static final long MIB = 1L << 20;
    private static final long FIXED = 7L * 1024 * MIB;
    private static final long PER_TOKEN = 3 * MIB;
    private static final int PATCH = 14;

    /** Tokens that the picture takes. */
    public int pictureTokens() {
        int patches = pictureSide / PATCH;
        return patches * patches;
    }

    /** Most rows in a batch; 0 where not even one fits. */
    public int batch(int textTokens) {
        long left = gpuBytes - FIXED;
        return left <= 0 ? 0 : (int) Math.min(1 << 16, left / (PER_TOKEN * (pictureTokens() + textTokens)));
    }
}
