package io.palispark.evaluation;

import java.io.Serializable;

/**
 * A monotone map from raw to calibrated confidence. Fit it on detections that are disjoint from those reported on; a
 * global one changes calibration errors and thresholds but no average precision.
 */
public sealed interface Calibration extends Serializable permits IsotonicCalibration, TemperatureCalibration {

    /** The calibrated confidence, 0 to 1. */
    double calibrated(double confidence);
}
