package io.palispark.annotation;

/** What the numbers of a Pascal VOC box are. */
enum VocBase {
    /** Pixel indices from 1, both ends included: the devkit. A box reaches from xmin - 1 to xmax. */
    ONE,
    /** Edges from 0: what many tools write. A box reaches from xmin to xmax. */
    ZERO
}
