/** The mask codec of PaliGemma: masks to 16 codes and back, by the VQ-VAE of big_vision. */
package io.palispark.vqvae;
