package io.palispark.job;

import java.io.Serializable;

/**
 * One object after its round trip.
 *
 * @param sizeClass small, medium or large by the annotation's area, as COCO bounds them
 * @param parts connected pieces of the original mask
 * @param holes background pieces it encloses
 * @param floored IoU when pasted at the floored box (the official rule)
 * @param rounded IoU when pasted at the rounded box
 * @param refined IoU of refined tokens pasted at the rounded box; NaN when not asked for
 * @param boxIou IoU of the box with the box its bins stand for
 * @param boxShift largest shift of an edge in pixels
 * @param original compressed runs of the original mask
 * @param pasted compressed runs of the mask pasted at the rounded box
 */
record AuditedObject(
        String imageId,
        String objectId,
        String label,
        String sizeClass,
        int height,
        int width,
        int parts,
        int holes,
        double floored,
        double rounded,
        double refined,
        double boxIou,
        double boxShift,
        String original,
        String pasted)
        implements Serializable {}
