/**
 * Untrusted image bytes to facts, RGB pixels and model input. Facts come from own header parsers without decoding;
 * pixels follow Pillow's {@code convert("RGB")} and its bicubic resize bit for bit. Imports only {@code geometry}.
 */
package io.palispark.image;
