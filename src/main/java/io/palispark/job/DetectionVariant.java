package io.palispark.job;

import io.palispark.evaluation.DetectionProtocol;

/** One way of holding detections against annotated objects; each has its own average precision. */
enum DetectionVariant {
    BOX,
    /** As {@link #BOX}, every score taken as 1. */
    BOX_CONSTANT,
    MASK,
    MASK_CONSTANT,
    /** Masks by the lower of mask and boundary overlap. */
    BOUNDARY,
    /** The ground truth's boxes through location bins. */
    CEILING_BOX,
    /** The ground truth's masks through bins, codec and paste. */
    CEILING_MASK,
    /** Boxes against what an image of LVIS verifies. */
    FEDERATED_BOX,
    /** Masks against what an image of LVIS verifies. */
    FEDERATED_MASK;

    DetectionProtocol protocol() {
        return switch (this) {
            case BOX, BOX_CONSTANT, MASK, MASK_CONSTANT, BOUNDARY, CEILING_BOX, CEILING_MASK -> DetectionProtocol.COCO;
            case FEDERATED_BOX, FEDERATED_MASK -> DetectionProtocol.LVIS;
        };
    }
}
