package io.palispark.image;

/** The frame in which pixels are delivered. */
public enum Frame {
    /** As the file stores them, what {@code Image.open(...).convert("RGB")} sees. */
    STORED,
    /** Turned by the file's orientation tag, what a viewer shows. */
    UPRIGHT
}
