package io.palispark.image;

/** The container formats that are decoded, told apart by content and never by file name. */
public enum ImageFormat {
    JPEG,
    PNG,
    GIF,
    BMP,
    TIFF,
    WEBP
}
