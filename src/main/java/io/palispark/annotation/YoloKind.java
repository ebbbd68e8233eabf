package io.palispark.annotation;

/** What the lines of YOLO label files are, which the files themselves do not say. */
enum YoloKind {
    /** Boxes: class, centre, width and height, and in dumps of predictions a confidence. */
    DETECT,
    /** Outlines: class and at least three points; box lines among them are read as boxes. */
    SEGMENT
}
