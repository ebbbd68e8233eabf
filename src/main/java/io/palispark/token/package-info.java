/**
 * PaliGemma's output language: location and segmentation tokens, the {@link io.palispark.token.Convention} they follow,
 * the writer of suffixes and the tolerant parser of what models and other tools write. Imports geometry only.
 */
package io.palispark.token;
