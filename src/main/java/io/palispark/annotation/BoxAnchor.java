package io.palispark.annotation;

/** Which point of a box its x and y are. */
enum BoxAnchor {
    CENTRE,
    CORNER
}
