package io.palispark.annotation;

/** The two kinds of COCO documents of objects. */
enum CocoDialect {
    /** Every object of every class is there; groups are marked as crowds. */
    INSTANCES,
    /**
     * LVIS: of the classes without an object only those named as absent are known to be. No crowds, class names with
     * underscores, and pictures named by their address alone.
     */
    FEDERATED
}
