package io.palispark.evaluation;

import io.palispark.geometry.Box;
import io.palispark.geometry.RunLengthMask;
import java.io.Serializable;

/**
 * How much a detection and an annotated object share, from 0 to 1: intersection over union, or for a crowd region the
 * share of the detection that lies in it (pycocotools, {@code maskApi.c}).
 */
@FunctionalInterface
public interface Overlap<S> extends Serializable {

    double between(S detection, Truth<S> truth);

    /** Of boxes; a box without area shares nothing. */
    static Overlap<Box> ofBoxes() {
        return (detection, truth) -> {
            if (!truth.crowd()) {
                return detection.iou(truth.shape());
            }
            double common = detection.intersectionArea(truth.shape());
            return common == 0 ? 0 : common / detection.area();
        };
    }

    /** Of masks of one image. */
    static Overlap<RunLengthMask> ofMasks() {
        return (detection, truth) -> truth.crowd() ? detection.coveredBy(truth.shape()) : detection.iou(truth.shape());
    }

    /**
     * The lower of mask and boundary overlap, which boundary AP matches by (Cheng et al., CVPR 2021). A crowd region has
     * no outline of its own to meet, so it is held against masks alone.
     */
    static Overlap<OutlinedMask> ofBoundaries() {
        return (detection, truth) -> truth.crowd()
                ? detection.mask().coveredBy(truth.shape().mask())
                : Math.min(
                        detection.mask().iou(truth.shape().mask()),
                        detection.boundary().iou(truth.shape().boundary()));
    }
}
