package io.palispark.annotation;

/** How the pixels of a folder of label pictures state objects. */
enum MaskLayout {
    /** Class numbers, as grey values or palette indices: every connected region is an object. */
    INDICES,
    /** Class colours: every connected region is an object. */
    COLOURS,
    /** 16-bit class * 1000 + number; a value below 1000 is a class's region of a group. */
    INSTANCES,
    /** INSTANCES with the classes and file names of Cityscapes. */
    CITYSCAPES,
    /** A folder a picture, with a mask file an object, named label_number. */
    OBJECTS
}
